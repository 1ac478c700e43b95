"""The database: transactions, tables and named queries, one file per subject."""
