"""The synthetic sample leak: invented people, mails and files, some of them doctored, with a key that says which."""
