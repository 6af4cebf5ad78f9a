"""A simulated AWS account, spoken to at the wire: CloudFormation, also where something fails, and what is around it.

It holds every call to the policies of whoever makes it: of the caller, and of the role that CloudFormation works with.
"""
