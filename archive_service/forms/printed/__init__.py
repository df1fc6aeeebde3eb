"""Printed forms: values in, PDF or XLSX out. Nothing here knows a database, a person or a clock."""
