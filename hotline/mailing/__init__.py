"""Mail to the coordinators: by SMTP, or none at all."""
