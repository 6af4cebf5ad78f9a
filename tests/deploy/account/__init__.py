"""A simulated AWS account over the real protocols: CloudFormation with its failures, and the services around it.

It checks every call against the policies of the caller, and of the role that CloudFormation assumes.
"""
