"""Mail to coordinators and to people with an account: by SMTP, into a folder, or none at all."""
