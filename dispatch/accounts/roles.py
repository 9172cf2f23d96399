"""The names of the roles, and the groups that operations are declared with."""

CUSTOMER = "customer"
TECHNICIAN = "technician"
FREELANCER = "freelancer"
PROVIDER_MANAGER = "provider_manager"
CALL_AGENT = "call_agent"
DISPATCHER = "dispatcher"
SUPERVISOR = "supervisor"
PARTS = "parts"
FINANCE = "finance"
ADMIN = "admin"
DEVICE = "device"

OFFICE = (CALL_AGENT, DISPATCHER, SUPERVISOR, ADMIN)
PLANNERS = (DISPATCHER, SUPERVISOR, ADMIN)
MANAGERS = (SUPERVISOR, ADMIN)
FIELD = (TECHNICIAN, FREELANCER)
STAFF = (PROVIDER_MANAGER, CALL_AGENT, DISPATCHER, SUPERVISOR, PARTS, FINANCE, ADMIN)

# Devices have their own credentials in iot_ingest; a person's account never carries that role.
ACCOUNT_ROLES = frozenset({CUSTOMER, *FIELD, *STAFF})
EVERY_ROLE = (*sorted(ACCOUNT_ROLES), DEVICE)
