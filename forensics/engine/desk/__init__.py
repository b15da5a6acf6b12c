"""The desk: a confined process that reads bytes of the evidence again and tells what it was asked, and no more."""
