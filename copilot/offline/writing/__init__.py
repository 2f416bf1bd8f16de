"""What a person says to change the CRM, read as steps: "move the Acme deal to Negotiation and remind me on Friday".

`making.parts_of` cuts a message into what is to be done; each part is read by `changing` (records that exist) or by
`making` (records that are new: deals, contacts, tasks, what was said). Every content word must be owned, as in a
question.
"""
