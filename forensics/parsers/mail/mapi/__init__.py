"""What Outlook's formats share: properties by number, and the message that they make ([MS-OXCMSG], [MS-OXPROPS])."""
