CREATE EXTENSION IF NOT EXISTS btree_gist
--;;
CREATE EXTENSION IF NOT EXISTS pg_trgm
--;;
CREATE TABLE app_clock (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        app_anchor timestamptz NOT NULL,
        real_anchor timestamptz NOT NULL,
        rate double precision NOT NULL CHECK (rate >= 0)
    )
--;;
INSERT INTO app_clock VALUES (true, clock_timestamp(), clock_timestamp(), 1)
--;;
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT app_anchor + (clock_timestamp() - real_anchor) * rate FROM app_clock
    $$
--;;
CREATE FUNCTION touch_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.version <> OLD.version + 1 THEN
            RAISE EXCEPTION '% must raise its version by one with every change', TG_TABLE_NAME
                USING ERRCODE = 'FF003';
        END IF;
        NEW.updated_at := app_now();
        RETURN NEW;
    END $$
--;;
CREATE FUNCTION check_move() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        frm text := to_jsonb(OLD) ->> TG_ARGV[0];
        target text := to_jsonb(NEW) ->> TG_ARGV[0];
    BEGIN
        IF frm IS DISTINCT FROM target
           AND NOT (frm || '>' || target = ANY (string_to_array(TG_ARGV[1], ','))) THEN
            RAISE EXCEPTION 'a % that is % cannot become %', TG_TABLE_NAME, frm, target
                USING ERRCODE = 'FF001';
        END IF;
        RETURN NEW;
    END $$
--;;
CREATE FUNCTION audit_record() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        who text := current_setting('firstfix.actor', true);
        hidden text[] := string_to_array(TG_ARGV[0], ',') || ARRAY['version', 'updated_at'];
        old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
        new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
        changes jsonb;
    BEGIN
        IF coalesce(who, '') = '' THEN
            RAISE EXCEPTION 'a write to % without an actor', TG_TABLE_NAME
                USING ERRCODE = 'FF002';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            SELECT coalesce(jsonb_object_agg(n.key, jsonb_build_array(o.value, n.value)), '{}')
              INTO changes
              FROM jsonb_each(new_row) n JOIN jsonb_each(old_row) o USING (key)
             WHERE n.value IS DISTINCT FROM o.value;
        ELSE
            changes := jsonb_strip_nulls(coalesce(new_row, old_row));
        END IF;
        INSERT INTO audit_entry (actor, why, device_at, request_id, table_name, record_id,
                                 record_version, action, changes)
        VALUES (who,
                nullif(current_setting('firstfix.why', true), ''),
                nullif(current_setting('firstfix.device_at', true), '')::timestamptz,
                nullif(current_setting('firstfix.request_id', true), ''),
                TG_TABLE_NAME,
                CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END,
                CASE WHEN TG_OP = 'DELETE' THEN OLD.version ELSE NEW.version END,
                lower(TG_OP), changes);
        RETURN NULL;
    END $$
--;;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'FF004';
    END $$
--;;
CREATE SEQUENCE work_order_number
--;;
CREATE TABLE job (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	handler TEXT NOT NULL, 
	queue TEXT NOT NULL, 
	event_id BIGINT, 
	tick_at TIMESTAMP WITH TIME ZONE, 
	status TEXT DEFAULT 'waiting' NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	send_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	sends INTEGER DEFAULT 0 NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	claim TEXT, 
	lease_until TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	last_error TEXT, 
	CONSTRAINT pk_job PRIMARY KEY (id)
)
--;;
CREATE UNIQUE INDEX uq_job_tick ON job (handler, tick_at)
--;;
CREATE INDEX ix_job_running ON job (lease_until) WHERE status = 'running'
--;;
CREATE INDEX ix_job_waiting ON job (queue, send_at) WHERE status = 'waiting'
--;;
CREATE INDEX ix_job_event_id ON job (event_id)
--;;
CREATE TABLE audit_entry (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	actor TEXT NOT NULL, 
	why TEXT, 
	device_at TIMESTAMP WITH TIME ZONE, 
	request_id TEXT, 
	table_name TEXT NOT NULL, 
	record_id UUID NOT NULL, 
	record_version INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	changes JSONB NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_audit_entry_record_id ON audit_entry (record_id)
--;;
CREATE TABLE audit_seal (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	sealed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	digest BYTEA NOT NULL, 
	signature BYTEA NOT NULL, 
	CONSTRAINT pk_audit_seal PRIMARY KEY (id)
)
--;;
CREATE TABLE audit_sealed (
	entry_id BIGSERIAL NOT NULL, 
	seal_id BIGINT NOT NULL, 
	CONSTRAINT pk_audit_sealed PRIMARY KEY (entry_id)
)
--;;
CREATE INDEX ix_audit_sealed_seal_id ON audit_sealed (seal_id)
--;;
CREATE TABLE auth_session (
	id UUID NOT NULL, 
	account_id UUID, 
	principal JSONB NOT NULL, 
	device TEXT NOT NULL, 
	refresh_hash TEXT NOT NULL, 
	previous_hash TEXT, 
	rotated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_auth_session PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_auth_session_account_id ON auth_session (account_id)
--;;
CREATE TABLE one_time_code (
	address TEXT NOT NULL, 
	code_hash TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	tries INTEGER NOT NULL, 
	CONSTRAINT pk_one_time_code PRIMARY KEY (address)
)
--;;
CREATE TABLE rate_count (
	name TEXT NOT NULL, 
	key TEXT NOT NULL, 
	window_start TIMESTAMP WITH TIME ZONE NOT NULL, 
	times INTEGER NOT NULL, 
	CONSTRAINT pk_rate_count PRIMARY KEY (name, key, window_start)
)
--;;
CREATE TABLE idempotent_reply (
	actor TEXT NOT NULL, 
	key TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	headers JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	CONSTRAINT pk_idempotent_reply PRIMARY KEY (actor, key)
)
--;;
CREATE TABLE accounts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	email TEXT, 
	phone TEXT, 
	password_hash TEXT, 
	name TEXT NOT NULL, 
	roles TEXT[] NOT NULL, 
	subject_id UUID, 
	locale TEXT NOT NULL, 
	disabled BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT ck_accounts_email_lower CHECK (email = lower(email)), 
	CONSTRAINT ck_accounts_some_role CHECK (cardinality(roles) > 0), 
	CONSTRAINT uq_accounts_email UNIQUE (email), 
	CONSTRAINT uq_accounts_phone UNIQUE (phone), 
	CONSTRAINT uq_accounts_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_accounts_subject_id ON accounts (subject_id)
--;;
CREATE TABLE customers (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	email TEXT, 
	phone TEXT, 
	locale TEXT NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	consent_marketing BOOLEAN NOT NULL, 
	vulnerable BOOLEAN NOT NULL, 
	notes TEXT NOT NULL, 
	preferred_technician_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_customers PRIMARY KEY (id), 
	CONSTRAINT ck_customers_customerkind CHECK (kind IN ('person', 'business')), 
	CONSTRAINT ck_customers_preferredchannel CHECK (channel IN ('sms', 'email', 'push')), 
	CONSTRAINT uq_customers_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_customers_name_trgm ON customers USING gin (name gin_trgm_ops)
--;;
CREATE INDEX ix_customers_phone_trgm ON customers USING gin (phone gin_trgm_ops)
--;;
CREATE INDEX ix_customers_email ON customers (email)
--;;
CREATE INDEX ix_customers_email_trgm ON customers USING gin (email gin_trgm_ops)
--;;
CREATE INDEX ix_customers_phone ON customers (phone)
--;;
CREATE TABLE event (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	name TEXT NOT NULL, 
	payload JSONB NOT NULL, 
	territory_id UUID, 
	customer_id UUID, 
	technician_id UUID, 
	at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	position BIGINT, 
	CONSTRAINT pk_event PRIMARY KEY (id)
)
--;;
CREATE UNIQUE INDEX uq_event_position ON event (position)
--;;
CREATE INDEX ix_event_unsequenced ON event (id) WHERE position IS NULL
--;;
CREATE TABLE providers (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_providers PRIMARY KEY (id), 
	CONSTRAINT uq_providers_name UNIQUE (name), 
	CONSTRAINT uq_providers_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE territories (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	time_zone TEXT NOT NULL, 
	region TEXT NOT NULL, 
	latitude DOUBLE PRECISION NOT NULL, 
	longitude DOUBLE PRECISION NOT NULL, 
	emergency_reserve_pct INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_territories PRIMARY KEY (id), 
	CONSTRAINT ck_territories_emergency_reserve CHECK (emergency_reserve_pct BETWEEN 0 AND 100), 
	CONSTRAINT ck_territories_latitude CHECK (latitude BETWEEN -90 AND 90), 
	CONSTRAINT ck_territories_longitude CHECK (longitude BETWEEN -180 AND 180), 
	CONSTRAINT uq_territories_name UNIQUE (name), 
	CONSTRAINT uq_territories_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE parts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	number TEXT NOT NULL, 
	name TEXT NOT NULL, 
	price_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	lead_days INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_parts PRIMARY KEY (id), 
	CONSTRAINT ck_parts_price_not_negative CHECK (price_cents >= 0), 
	CONSTRAINT ck_parts_lead_not_negative CHECK (lead_days >= 0), 
	CONSTRAINT uq_parts_number UNIQUE (number), 
	CONSTRAINT uq_parts_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE plans (
	id UUID DEFAULT uuidv7() NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	horizon_start TIMESTAMP WITH TIME ZONE NOT NULL, 
	horizon_end TIMESTAMP WITH TIME ZONE NOT NULL, 
	territory_ids UUID[] NOT NULL, 
	visit_ids UUID[] NOT NULL, 
	policy JSONB NOT NULL, 
	seed BIGINT NOT NULL, 
	limit_seconds DOUBLE PRECISION NOT NULL, 
	snapshot JSONB, 
	result JSONB, 
	score JSONB, 
	difference JSONB, 
	unassigned JSONB NOT NULL, 
	groups JSONB NOT NULL, 
	message TEXT, 
	requested_by TEXT NOT NULL, 
	trigger TEXT NOT NULL, 
	solving_at TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_plans PRIMARY KEY (id), 
	CONSTRAINT ck_plans_horizon CHECK (horizon_end > horizon_start), 
	CONSTRAINT ck_plans_limit CHECK (limit_seconds > 0), 
	CONSTRAINT ck_plans_planstatus CHECK (status IN ('requested', 'solving', 'drafted', 'approved', 'dropped', 'applied', 'partly_applied', 'refused', 'failed', 'empty')), 
	CONSTRAINT ck_plans_plankind CHECK (kind IN ('plan', 'draft', 'repair')), 
	CONSTRAINT uq_plans_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_plans_pending ON plans (created_at) WHERE status IN ('requested', 'solving')
--;;
CREATE TABLE calendars (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	time_zone TEXT NOT NULL, 
	weekly JSONB NOT NULL, 
	region TEXT, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_calendars PRIMARY KEY (id), 
	CONSTRAINT uq_calendars_name UNIQUE (name), 
	CONSTRAINT uq_calendars_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE rules (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	model TEXT, 
	metric TEXT NOT NULL, 
	op VARCHAR(40) NOT NULL, 
	threshold DOUBLE PRECISION NOT NULL, 
	clear_threshold DOUBLE PRECISION NOT NULL, 
	duration_seconds INTEGER NOT NULL, 
	severity VARCHAR(40) NOT NULL, 
	fault_class TEXT NOT NULL, 
	work_type_code TEXT NOT NULL, 
	danger VARCHAR(40) NOT NULL, 
	no_answer VARCHAR(40) NOT NULL, 
	response_hours INTEGER NOT NULL, 
	answer_minutes INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_rules PRIMARY KEY (id), 
	CONSTRAINT ck_rules_duration_not_negative CHECK (duration_seconds >= 0), 
	CONSTRAINT ck_rules_response_positive CHECK (response_hours > 0), 
	CONSTRAINT ck_rules_answer_positive CHECK (answer_minutes > 0), 
	CONSTRAINT ck_rules_danger_never_closes CHECK (danger = 'none' OR no_answer <> 'close'), 
	CONSTRAINT ck_rules_op CHECK (op IN ('gt', 'ge', 'lt', 'le')), 
	CONSTRAINT ck_rules_severity CHECK (severity IN ('info', 'warning', 'critical')), 
	CONSTRAINT ck_rules_danger CHECK (danger IN ('none', 'gas', 'co', 'electrical')), 
	CONSTRAINT ck_rules_noanswer CHECK (no_answer IN ('book', 'open_work_order', 'close')), 
	CONSTRAINT uq_rules_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_rules_metric_active ON rules (metric) WHERE active
--;;
CREATE TABLE readings (
	device_id UUID NOT NULL, 
	metric TEXT NOT NULL, 
	ts TIMESTAMP WITH TIME ZONE NOT NULL, 
	value DOUBLE PRECISION NOT NULL, 
	CONSTRAINT pk_readings PRIMARY KEY (device_id, metric, ts)
)
 PARTITION BY RANGE (ts)
--;;
CREATE TABLE IF NOT EXISTS readings_default PARTITION OF readings DEFAULT
--;;
CREATE TABLE device_messages (
	device_id UUID NOT NULL, 
	boot_id TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	CONSTRAINT pk_device_messages PRIMARY KEY (device_id, boot_id, seq)
)
--;;
CREATE INDEX ix_device_messages_received_at ON device_messages (received_at)
--;;
CREATE TABLE device_progress (
	device_id UUID NOT NULL, 
	boot_id TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	CONSTRAINT pk_device_progress PRIMARY KEY (device_id, boot_id)
)
--;;
CREATE TABLE drop_counts (
	device_id UUID NOT NULL, 
	day DATE NOT NULL, 
	reason TEXT NOT NULL, 
	times BIGINT NOT NULL, 
	CONSTRAINT pk_drop_counts PRIMARY KEY (device_id, day, reason)
)
--;;
CREATE TABLE sites (
	id UUID DEFAULT uuidv7() NOT NULL, 
	customer_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT NOT NULL, 
	latitude DOUBLE PRECISION NOT NULL, 
	longitude DOUBLE PRECISION NOT NULL, 
	time_zone TEXT NOT NULL, 
	territory_id UUID, 
	access_notes TEXT NOT NULL, 
	access_notes_confidential TEXT NOT NULL, 
	requirements JSONB NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_sites PRIMARY KEY (id), 
	CONSTRAINT ck_sites_latitude CHECK (latitude BETWEEN -90 AND 90), 
	CONSTRAINT ck_sites_longitude CHECK (longitude BETWEEN -180 AND 180), 
	CONSTRAINT fk_sites_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT uq_sites_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_sites_address_trgm ON sites USING gin (address gin_trgm_ops)
--;;
CREATE INDEX ix_sites_customer_id ON sites (customer_id)
--;;
CREATE INDEX ix_sites_territory_id ON sites (territory_id)
--;;
CREATE TABLE messages (
	id UUID DEFAULT uuidv7() NOT NULL, 
	customer_id UUID, 
	account_id UUID, 
	address TEXT, 
	channel VARCHAR(40) NOT NULL, 
	direction VARCHAR(40) NOT NULL, 
	template TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	text TEXT NOT NULL, 
	link TEXT, 
	status VARCHAR(40) NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	owner_id UUID, 
	provider_id TEXT, 
	tries INTEGER NOT NULL, 
	failure TEXT, 
	fallback_of_id UUID, 
	visit_id UUID, 
	work_order_id UUID, 
	alert_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT fk_messages_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT fk_messages_account_id FOREIGN KEY(account_id) REFERENCES accounts (id), 
	CONSTRAINT ck_messages_channel CHECK (channel IN ('sms', 'email', 'push')), 
	CONSTRAINT ck_messages_direction CHECK (direction IN ('out', 'in')), 
	CONSTRAINT ck_messages_messagestatus CHECK (status IN ('queued', 'sent', 'failed', 'expired', 'received')), 
	CONSTRAINT fk_messages_fallback_of_id FOREIGN KEY(fallback_of_id) REFERENCES messages (id), 
	CONSTRAINT uq_messages_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_messages_address ON messages (address)
--;;
CREATE INDEX ix_messages_work_order_id ON messages (work_order_id)
--;;
CREATE INDEX ix_messages_alert_id ON messages (alert_id)
--;;
CREATE INDEX ix_messages_account_id ON messages (account_id)
--;;
CREATE INDEX ix_messages_waiting ON messages (expires_at) WHERE status = 'queued'
--;;
CREATE INDEX ix_messages_visit_id ON messages (visit_id)
--;;
CREATE INDEX ix_messages_customer_id ON messages (customer_id)
--;;
CREATE TABLE technicians (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	phone TEXT, 
	email TEXT, 
	employment VARCHAR(40) NOT NULL, 
	provider_id UUID, 
	territory_id UUID NOT NULL, 
	latitude DOUBLE PRECISION NOT NULL, 
	longitude DOUBLE PRECISION NOT NULL, 
	hourly_cents INTEGER NOT NULL, 
	travel_cents_per_hour INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	speed_pct INTEGER NOT NULL, 
	max_travel_km INTEGER NOT NULL, 
	languages TEXT[] NOT NULL, 
	on_duty BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id), 
	CONSTRAINT ck_technicians_cost CHECK (hourly_cents >= 0 AND travel_cents_per_hour >= 0), 
	CONSTRAINT ck_technicians_speed CHECK (speed_pct > 0), 
	CONSTRAINT ck_technicians_max_travel CHECK (max_travel_km > 0), 
	CONSTRAINT ck_technicians_latitude CHECK (latitude BETWEEN -90 AND 90), 
	CONSTRAINT ck_technicians_longitude CHECK (longitude BETWEEN -180 AND 180), 
	CONSTRAINT ck_technicians_employment CHECK (employment IN ('in_house', 'partner', 'freelance')), 
	CONSTRAINT fk_technicians_provider_id FOREIGN KEY(provider_id) REFERENCES providers (id), 
	CONSTRAINT fk_technicians_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT uq_technicians_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_technicians_email ON technicians (email)
--;;
CREATE INDEX ix_technicians_provider_id ON technicians (provider_id)
--;;
CREATE INDEX ix_technicians_territory_id ON technicians (territory_id)
--;;
CREATE INDEX ix_technicians_phone ON technicians (phone)
--;;
CREATE TABLE dispatch_policies (
	id UUID DEFAULT uuidv7() NOT NULL, 
	territory_id UUID, 
	mode VARCHAR(40) NOT NULL, 
	lead_minutes INTEGER NOT NULL, 
	lock_technician BOOLEAN NOT NULL, 
	lock_day BOOLEAN NOT NULL, 
	lock_time BOOLEAN NOT NULL, 
	move_cents INTEGER NOT NULL, 
	told_move_cents INTEGER NOT NULL, 
	repair_budget INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_dispatch_policies PRIMARY KEY (id), 
	CONSTRAINT uq_dispatch_policies_territory_id UNIQUE NULLS NOT DISTINCT (territory_id), 
	CONSTRAINT ck_dispatch_policies_lead CHECK (lead_minutes >= 0), 
	CONSTRAINT ck_dispatch_policies_prices CHECK (move_cents >= 0 AND told_move_cents >= 0), 
	CONSTRAINT ck_dispatch_policies_repair_budget CHECK (repair_budget >= 0), 
	CONSTRAINT fk_dispatch_policies_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT ck_dispatch_policies_dispatchmode CHECK (mode IN ('day_before', 'lead_time', 'drip')), 
	CONSTRAINT uq_dispatch_policies_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE sla_policies (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	calendar_id UUID, 
	respond_minutes INTEGER, 
	arrive_minutes INTEGER, 
	resolve_minutes INTEGER, 
	penalty_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_sla_policies PRIMARY KEY (id), 
	CONSTRAINT ck_sla_policies_respond_positive CHECK (respond_minutes > 0), 
	CONSTRAINT ck_sla_policies_arrive_positive CHECK (arrive_minutes > 0), 
	CONSTRAINT ck_sla_policies_resolve_positive CHECK (resolve_minutes > 0), 
	CONSTRAINT ck_sla_policies_penalty_not_negative CHECK (penalty_cents >= 0), 
	CONSTRAINT uq_sla_policies_name UNIQUE (name), 
	CONSTRAINT fk_sla_policies_calendar_id FOREIGN KEY(calendar_id) REFERENCES calendars (id), 
	CONSTRAINT uq_sla_policies_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE assets (
	id UUID DEFAULT uuidv7() NOT NULL, 
	site_id UUID NOT NULL, 
	parent_id UUID, 
	name TEXT NOT NULL, 
	model TEXT NOT NULL, 
	serial TEXT NOT NULL, 
	criticality INTEGER NOT NULL, 
	installed_on DATE, 
	warranty_until DATE, 
	attributes JSONB NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_assets PRIMARY KEY (id), 
	CONSTRAINT ck_assets_criticality CHECK (criticality BETWEEN 1 AND 5), 
	CONSTRAINT ck_assets_not_its_own_parent CHECK (parent_id <> id), 
	CONSTRAINT fk_assets_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT fk_assets_parent_id FOREIGN KEY(parent_id) REFERENCES assets (id), 
	CONSTRAINT uq_assets_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_assets_site_id ON assets (site_id)
--;;
CREATE INDEX ix_assets_parent_id ON assets (parent_id)
--;;
CREATE INDEX ix_assets_serial ON assets (serial)
--;;
CREATE TABLE site_keys (
	id UUID DEFAULT uuidv7() NOT NULL, 
	site_id UUID NOT NULL, 
	label TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	valid_from TIMESTAMP WITH TIME ZONE NOT NULL, 
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_site_keys PRIMARY KEY (id), 
	CONSTRAINT ck_site_keys_validity CHECK (valid_until > valid_from), 
	CONSTRAINT fk_site_keys_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_site_keys_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_site_keys_site_id ON site_keys (site_id)
--;;
CREATE TABLE technician_skills (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	skill TEXT NOT NULL, 
	level INTEGER NOT NULL, 
	valid_from TIMESTAMP WITH TIME ZONE, 
	valid_until TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_technician_skills PRIMARY KEY (id), 
	CONSTRAINT uq_technician_skills_technician_id_skill UNIQUE (technician_id, skill), 
	CONSTRAINT ck_technician_skills_level CHECK (level BETWEEN 1 AND 5), 
	CONSTRAINT ck_technician_skills_validity CHECK (valid_until > valid_from), 
	CONSTRAINT fk_technician_skills_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_technician_skills_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_technician_skills_skill ON technician_skills (skill)
--;;
CREATE TABLE credentials (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_credentials PRIMARY KEY (id), 
	CONSTRAINT fk_credentials_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_credentials_credentialstatus CHECK (status IN ('pending', 'valid', 'expired', 'revoked')), 
	CONSTRAINT uq_credentials_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_credentials_technician_id ON credentials (technician_id)
--;;
CREATE TABLE shifts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	overtime_minutes INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_shifts PRIMARY KEY (id), 
	CONSTRAINT ex_shifts_technician_overlap EXCLUDE USING gist (technician_id WITH =, tstzrange(starts_at, ends_at) WITH &&), 
	CONSTRAINT ck_shifts_order CHECK (ends_at > starts_at), 
	CONSTRAINT ck_shifts_overtime CHECK (overtime_minutes >= 0), 
	CONSTRAINT fk_shifts_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_shifts_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE absences (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_absences PRIMARY KEY (id), 
	CONSTRAINT ck_absences_order CHECK (ends_at > starts_at), 
	CONSTRAINT fk_absences_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_absences_absencekind CHECK (kind IN ('illness', 'holiday', 'other')), 
	CONSTRAINT uq_absences_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_absences_technician_id ON absences (technician_id)
--;;
CREATE TABLE technician_positions (
	technician_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	latitude DOUBLE PRECISION NOT NULL, 
	longitude DOUBLE PRECISION NOT NULL, 
	accuracy_m INTEGER, 
	CONSTRAINT pk_technician_positions PRIMARY KEY (technician_id), 
	CONSTRAINT fk_technician_positions_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id)
)
--;;
CREATE TABLE work_types (
	id UUID DEFAULT uuidv7() NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	expected_minutes INTEGER NOT NULL, 
	p80_minutes INTEGER NOT NULL, 
	skills JSONB NOT NULL, 
	credentials TEXT[] NOT NULL, 
	crew_size INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	parts JSONB NOT NULL, 
	checklist JSONB NOT NULL, 
	prerequisites JSONB NOT NULL, 
	questions JSONB NOT NULL, 
	sla_policy_id UUID, 
	price_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	bookable BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_work_types PRIMARY KEY (id), 
	CONSTRAINT ck_work_types_expected_positive CHECK (expected_minutes > 0), 
	CONSTRAINT ck_work_types_p80_not_below_expected CHECK (p80_minutes >= expected_minutes), 
	CONSTRAINT ck_work_types_crew_not_empty CHECK (crew_size >= 1), 
	CONSTRAINT ck_work_types_priority_range CHECK (priority BETWEEN 1 AND 5), 
	CONSTRAINT ck_work_types_price_not_negative CHECK (price_cents >= 0), 
	CONSTRAINT uq_work_types_code UNIQUE (code), 
	CONSTRAINT fk_work_types_sla_policy_id FOREIGN KEY(sla_policy_id) REFERENCES sla_policies (id), 
	CONSTRAINT uq_work_types_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE stocks (
	id UUID DEFAULT uuidv7() NOT NULL, 
	part_id UUID NOT NULL, 
	technician_id UUID, 
	quantity INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_stocks PRIMARY KEY (id), 
	CONSTRAINT ck_stocks_quantity_not_negative CHECK (quantity >= 0), 
	CONSTRAINT uq_stocks_part_id_technician_id UNIQUE NULLS NOT DISTINCT (part_id, technician_id), 
	CONSTRAINT fk_stocks_part_id FOREIGN KEY(part_id) REFERENCES parts (id), 
	CONSTRAINT fk_stocks_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_stocks_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_stocks_technician_id ON stocks (technician_id)
--;;
CREATE TABLE agreements (
	id UUID DEFAULT uuidv7() NOT NULL, 
	customer_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	sla_policy_id UUID, 
	covers TEXT[] NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	visits_left INTEGER, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_agreements PRIMARY KEY (id), 
	CONSTRAINT ck_agreements_ends_after_start CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_agreements_visits_left_not_negative CHECK (visits_left >= 0), 
	CONSTRAINT fk_agreements_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT fk_agreements_sla_policy_id FOREIGN KEY(sla_policy_id) REFERENCES sla_policies (id), 
	CONSTRAINT uq_agreements_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_agreements_customer_id ON agreements (customer_id)
--;;
CREATE TABLE field_devices (
	device_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	highest_seq BIGINT NOT NULL, 
	first_seen_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_field_devices PRIMARY KEY (device_id), 
	CONSTRAINT fk_field_devices_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id)
)
--;;
CREATE INDEX ix_field_devices_technician_id ON field_devices (technician_id)
--;;
CREATE TABLE site_key_views (
	id UUID DEFAULT uuidv7() NOT NULL, 
	site_key_id UUID NOT NULL, 
	account_id UUID, 
	viewer TEXT NOT NULL, 
	viewed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_site_key_views PRIMARY KEY (id), 
	CONSTRAINT fk_site_key_views_site_key_id FOREIGN KEY(site_key_id) REFERENCES site_keys (id), 
	CONSTRAINT uq_site_key_views_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_site_key_views_site_key_id ON site_key_views (site_key_id)
--;;
CREATE TABLE shift_breaks (
	id UUID DEFAULT uuidv7() NOT NULL, 
	shift_id UUID NOT NULL, 
	earliest TIMESTAMP WITH TIME ZONE NOT NULL, 
	latest TIMESTAMP WITH TIME ZONE NOT NULL, 
	minutes INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_shift_breaks PRIMARY KEY (id), 
	CONSTRAINT ck_shift_breaks_order CHECK (latest >= earliest), 
	CONSTRAINT ck_shift_breaks_minutes CHECK (minutes > 0), 
	CONSTRAINT fk_shift_breaks_shift_id FOREIGN KEY(shift_id) REFERENCES shifts (id), 
	CONSTRAINT uq_shift_breaks_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_shift_breaks_shift_id ON shift_breaks (shift_id)
--;;
CREATE TABLE work_orders (
	id UUID DEFAULT uuidv7() NOT NULL, 
	number TEXT NOT NULL, 
	customer_id UUID NOT NULL, 
	site_id UUID NOT NULL, 
	asset_id UUID, 
	work_type_id UUID NOT NULL, 
	territory_id UUID, 
	status VARCHAR(40) NOT NULL, 
	hold_reason TEXT, 
	hold_until TIMESTAMP WITH TIME ZONE, 
	held_from TEXT, 
	priority INTEGER NOT NULL, 
	priority_reason TEXT, 
	priority_until TIMESTAMP WITH TIME ZONE, 
	priority_before INTEGER, 
	source VARCHAR(40) NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	earliest_at TIMESTAMP WITH TIME ZONE, 
	delay_cost_cents_per_day INTEGER NOT NULL, 
	failure_curve JSONB, 
	fault_class TEXT, 
	alert_id UUID, 
	entitlement TEXT, 
	agreement_id UUID, 
	outcome TEXT, 
	completed_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_work_orders PRIMARY KEY (id), 
	CONSTRAINT ck_work_orders_priority_range CHECK (priority BETWEEN 1 AND 5), 
	CONSTRAINT ck_work_orders_delay_cost_not_negative CHECK (delay_cost_cents_per_day >= 0), 
	CONSTRAINT ck_work_orders_hold_has_reason CHECK ((status = 'on_hold') = (hold_reason IS NOT NULL AND held_from IS NOT NULL)), 
	CONSTRAINT uq_work_orders_number UNIQUE (number), 
	CONSTRAINT fk_work_orders_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT fk_work_orders_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT fk_work_orders_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id), 
	CONSTRAINT fk_work_orders_work_type_id FOREIGN KEY(work_type_id) REFERENCES work_types (id), 
	CONSTRAINT fk_work_orders_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT ck_work_orders_workorderstatus CHECK (status IN ('new', 'open', 'scheduled', 'in_progress', 'on_hold', 'completed', 'reviewed', 'closed', 'cancelled')), 
	CONSTRAINT ck_work_orders_source CHECK (source IN ('booking', 'iot', 'dispatcher', 'import', 'follow_up')), 
	CONSTRAINT fk_work_orders_agreement_id FOREIGN KEY(agreement_id) REFERENCES agreements (id), 
	CONSTRAINT uq_work_orders_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_work_orders_site_id ON work_orders (site_id)
--;;
CREATE INDEX ix_work_orders_asset_id_work_orders_fault_class ON work_orders (asset_id, fault_class)
--;;
CREATE INDEX ix_work_orders_reported_at ON work_orders (reported_at)
--;;
CREATE INDEX ix_work_orders_customer_id ON work_orders (customer_id)
--;;
CREATE INDEX ix_work_orders_status_work_orders_territory_id ON work_orders (status, territory_id)
--;;
CREATE TABLE devices (
	id UUID DEFAULT uuidv7() NOT NULL, 
	asset_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	token_hash TEXT NOT NULL, 
	mqtt_hash TEXT NOT NULL, 
	request_key TEXT, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id), 
	CONSTRAINT fk_devices_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id), 
	CONSTRAINT ck_devices_devicestatus CHECK (status IN ('active', 'revoked')), 
	CONSTRAINT uq_devices_token_hash UNIQUE (token_hash), 
	CONSTRAINT uq_devices_request_key UNIQUE (request_key), 
	CONSTRAINT uq_devices_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_devices_asset_id ON devices (asset_id)
--;;
CREATE TABLE device_commands (
	device_id UUID NOT NULL, 
	seq BIGINT NOT NULL, 
	command_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	visit_id UUID, 
	device_at TIMESTAMP WITH TIME ZONE, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	payload JSONB NOT NULL, 
	outcome VARCHAR(40) NOT NULL, 
	code TEXT, 
	message TEXT, 
	CONSTRAINT pk_device_commands PRIMARY KEY (device_id, seq), 
	CONSTRAINT fk_device_commands_device_id FOREIGN KEY(device_id) REFERENCES field_devices (device_id), 
	CONSTRAINT ck_device_commands_commandoutcome CHECK (outcome IN ('applied', 'refused'))
)
--;;
CREATE TABLE visits (
	id UUID DEFAULT uuidv7() NOT NULL, 
	work_order_id UUID NOT NULL, 
	sequence INTEGER NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	site_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	territory_id UUID, 
	duration_minutes INTEGER NOT NULL, 
	p80_minutes INTEGER NOT NULL, 
	crew_size INTEGER NOT NULL, 
	skills JSONB NOT NULL, 
	credentials TEXT[] NOT NULL, 
	languages TEXT[] NOT NULL, 
	window_start TIMESTAMP WITH TIME ZONE, 
	window_end TIMESTAMP WITH TIME ZONE, 
	priority INTEGER NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	earliest_at TIMESTAMP WITH TIME ZONE, 
	preferred_technician_ids UUID[] NOT NULL, 
	required_technician_ids UUID[] NOT NULL, 
	excluded_technician_ids UUID[] NOT NULL, 
	paused_overnight BOOLEAN NOT NULL, 
	incomplete_reason VARCHAR(40), 
	en_route_at TIMESTAMP WITH TIME ZONE, 
	on_site_at TIMESTAMP WITH TIME ZONE, 
	started_at TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	at_risk BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	report JSONB, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_visits PRIMARY KEY (id), 
	CONSTRAINT uq_visits_work_order_id_sequence UNIQUE (work_order_id, sequence), 
	CONSTRAINT ck_visits_duration_positive CHECK (duration_minutes > 0), 
	CONSTRAINT ck_visits_p80_not_below_duration CHECK (p80_minutes >= duration_minutes), 
	CONSTRAINT ck_visits_crew_not_empty CHECK (crew_size >= 1), 
	CONSTRAINT ck_visits_priority_range CHECK (priority BETWEEN 1 AND 5), 
	CONSTRAINT ck_visits_window_ends_after_start CHECK (window_end > window_start), 
	CONSTRAINT ck_visits_window_has_both_ends CHECK ((window_start IS NULL) = (window_end IS NULL)), 
	CONSTRAINT ck_visits_incomplete_has_reason CHECK (status <> 'incomplete' OR incomplete_reason IS NOT NULL), 
	CONSTRAINT fk_visits_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT ck_visits_visitstatus CHECK (status IN ('unscheduled', 'scheduled', 'dispatched', 'accepted', 'en_route', 'on_site', 'in_progress', 'paused', 'completed', 'incomplete', 'cancelled')), 
	CONSTRAINT fk_visits_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT fk_visits_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT fk_visits_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT ck_visits_incompletereason CHECK (incomplete_reason IN ('customer_absent', 'no_access', 'parts_missing', 'skill_missing', 'unsafe', 'out_of_time', 'other')), 
	CONSTRAINT uq_visits_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_visits_finished_at ON visits (finished_at)
--;;
CREATE INDEX ix_visits_site_id ON visits (site_id)
--;;
CREATE INDEX ix_visits_status_visits_territory_id ON visits (status, territory_id)
--;;
CREATE INDEX ix_visits_customer_id ON visits (customer_id)
--;;
CREATE INDEX ix_visits_on_site_at ON visits (on_site_at)
--;;
CREATE TABLE sla_clocks (
	id UUID DEFAULT uuidv7() NOT NULL, 
	work_order_id UUID NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	calendar_id UUID, 
	minutes INTEGER NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	met_at TIMESTAMP WITH TIME ZONE, 
	breached BOOLEAN NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_sla_clocks PRIMARY KEY (id), 
	CONSTRAINT uq_sla_clocks_work_order_id_kind UNIQUE (work_order_id, kind), 
	CONSTRAINT fk_sla_clocks_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT ck_sla_clocks_clockkind CHECK (kind IN ('respond', 'arrive', 'resolve')), 
	CONSTRAINT fk_sla_clocks_calendar_id FOREIGN KEY(calendar_id) REFERENCES calendars (id), 
	CONSTRAINT uq_sla_clocks_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_sla_clocks_due_at ON sla_clocks (due_at) WHERE met_at IS NULL AND NOT breached AND NOT stopped
--;;
CREATE TABLE sla_pauses (
	id UUID DEFAULT uuidv7() NOT NULL, 
	work_order_id UUID NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE, 
	reason TEXT NOT NULL, 
	evidence JSONB NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_sla_pauses PRIMARY KEY (id), 
	CONSTRAINT ck_sla_pauses_ends_after_start CHECK (ends_at >= starts_at), 
	CONSTRAINT fk_sla_pauses_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT uq_sla_pauses_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_sla_pauses_work_order_id ON sla_pauses (work_order_id)
--;;
CREATE UNIQUE INDEX uq_sla_pauses_open ON sla_pauses (work_order_id) WHERE ends_at IS NULL
--;;
CREATE TABLE prerequisites (
	id UUID DEFAULT uuidv7() NOT NULL, 
	work_order_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	owner TEXT, 
	due_at TIMESTAMP WITH TIME ZONE, 
	done_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_prerequisites PRIMARY KEY (id), 
	CONSTRAINT fk_prerequisites_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT uq_prerequisites_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_prerequisites_work_order_id ON prerequisites (work_order_id)
--;;
CREATE TABLE presences (
	work_order_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	visit_id UUID, 
	name TEXT NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_presences PRIMARY KEY (work_order_id, account_id), 
	CONSTRAINT fk_presences_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id)
)
--;;
CREATE TABLE alerts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	asset_id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	rule_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	site_id UUID NOT NULL, 
	territory_id UUID, 
	fault_class TEXT NOT NULL, 
	severity VARCHAR(40) NOT NULL, 
	danger VARCHAR(40) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	snoozed_until TIMESTAMP WITH TIME ZONE, 
	cleared_at TIMESTAMP WITH TIME ZONE, 
	disposition VARCHAR(40), 
	evidence JSONB NOT NULL, 
	predicted_minutes INTEGER, 
	work_order_id UUID, 
	answer VARCHAR(40), 
	answer_due_at TIMESTAMP WITH TIME ZONE, 
	wished_start TIMESTAMP WITH TIME ZONE, 
	wished_end TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (id), 
	CONSTRAINT ck_alerts_cleared_has_disposition CHECK ((status = 'cleared') = (cleared_at IS NOT NULL AND disposition IS NOT NULL)), 
	CONSTRAINT ck_alerts_danger_never_ignored CHECK (answer <> 'ignore' OR danger = 'none'), 
	CONSTRAINT fk_alerts_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id), 
	CONSTRAINT fk_alerts_device_id FOREIGN KEY(device_id) REFERENCES devices (id), 
	CONSTRAINT fk_alerts_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id), 
	CONSTRAINT fk_alerts_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT fk_alerts_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT ck_alerts_severity CHECK (severity IN ('info', 'warning', 'critical')), 
	CONSTRAINT ck_alerts_danger CHECK (danger IN ('none', 'gas', 'co', 'electrical')), 
	CONSTRAINT ck_alerts_alertstatus CHECK (status IN ('active', 'acknowledged', 'snoozed', 'cleared')), 
	CONSTRAINT ck_alerts_disposition CHECK (disposition IN ('remote_fixed', 'repaired', 'false_alarm', 'duplicate', 'self_cleared', 'unanswered')), 
	CONSTRAINT fk_alerts_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT ck_alerts_choice CHECK (answer IN ('slot', 'ignore')), 
	CONSTRAINT uq_alerts_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_alerts_rule_id ON alerts (rule_id)
--;;
CREATE INDEX ix_alerts_device_id ON alerts (device_id)
--;;
CREATE INDEX ix_alerts_customer_id ON alerts (customer_id)
--;;
CREATE UNIQUE INDEX uq_alerts_open ON alerts (asset_id, fault_class) WHERE status <> 'cleared'
--;;
CREATE INDEX ix_alerts_work_order_id ON alerts (work_order_id)
--;;
CREATE INDEX ix_alerts_status_opened_at ON alerts (status, opened_at)
--;;
CREATE INDEX ix_alerts_asset_id_opened_at ON alerts (asset_id, opened_at)
--;;
CREATE TABLE device_contacts (
	device_id UUID NOT NULL, 
	last_seen_at TIMESTAMP WITH TIME ZONE, 
	boot_id TEXT, 
	last_seq BIGINT, 
	CONSTRAINT pk_device_contacts PRIMARY KEY (device_id), 
	CONSTRAINT fk_device_contacts_device_id FOREIGN KEY(device_id) REFERENCES devices (id)
)
--;;
CREATE TABLE rule_states (
	rule_id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	since TIMESTAMP WITH TIME ZONE, 
	last_ts TIMESTAMP WITH TIME ZONE, 
	last_value DOUBLE PRECISION, 
	firing BOOLEAN NOT NULL, 
	quiet_until TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_rule_states PRIMARY KEY (rule_id, device_id), 
	CONSTRAINT fk_rule_states_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id) ON DELETE CASCADE, 
	CONSTRAINT fk_rule_states_device_id FOREIGN KEY(device_id) REFERENCES devices (id)
)
--;;
CREATE INDEX ix_rule_states_device_id ON rule_states (device_id)
--;;
CREATE TABLE ratings (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	csat INTEGER NOT NULL, 
	effort INTEGER, 
	solved_first_time BOOLEAN NOT NULL, 
	comment TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_ratings PRIMARY KEY (id), 
	CONSTRAINT ck_ratings_csat CHECK (csat BETWEEN 1 AND 5), 
	CONSTRAINT ck_ratings_effort CHECK (effort BETWEEN 1 AND 5), 
	CONSTRAINT uq_ratings_visit_id UNIQUE (visit_id), 
	CONSTRAINT fk_ratings_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_ratings_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT uq_ratings_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_ratings_customer_id ON ratings (customer_id)
--;;
CREATE TABLE part_reservations (
	id UUID DEFAULT uuidv7() NOT NULL, 
	work_order_id UUID NOT NULL, 
	part_id UUID NOT NULL, 
	stock_id UUID, 
	visit_id UUID, 
	quantity INTEGER NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_part_reservations PRIMARY KEY (id), 
	CONSTRAINT ck_part_reservations_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_part_reservations_reserved_somewhere CHECK (status <> 'reserved' OR stock_id IS NOT NULL), 
	CONSTRAINT fk_part_reservations_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT fk_part_reservations_part_id FOREIGN KEY(part_id) REFERENCES parts (id), 
	CONSTRAINT fk_part_reservations_stock_id FOREIGN KEY(stock_id) REFERENCES stocks (id), 
	CONSTRAINT fk_part_reservations_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_part_reservations_reservationstatus CHECK (status IN ('needed', 'reserved', 'short', 'used', 'released')), 
	CONSTRAINT uq_part_reservations_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_part_reservations_part_id ON part_reservations (part_id) WHERE status = 'short'
--;;
CREATE INDEX ix_part_reservations_work_order_id ON part_reservations (work_order_id)
--;;
CREATE TABLE assignments (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	seat INTEGER NOT NULL, 
	technician_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	travel_seconds INTEGER NOT NULL, 
	busy TSTZRANGE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	window_start TIMESTAMP WITH TIME ZONE, 
	window_end TIMESTAMP WITH TIME ZONE, 
	source VARCHAR(40) NOT NULL, 
	plan_id UUID, 
	overlap_reason TEXT, 
	overlap_until TIMESTAMP WITH TIME ZONE, 
	ended_reason TEXT, 
	cost_cents INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (id), 
	CONSTRAINT ex_assignments_technician_busy EXCLUDE USING gist (technician_id WITH =, busy WITH &&) WHERE (status IN ('active', 'confirmed', 'done', 'held') AND overlap_reason IS NULL), 
	CONSTRAINT ck_assignments_seat CHECK (seat >= 1), 
	CONSTRAINT ck_assignments_order CHECK (ends_at > starts_at), 
	CONSTRAINT ck_assignments_travel CHECK (travel_seconds >= 0), 
	CONSTRAINT ck_assignments_hold_bounded CHECK (status <> 'held' OR (expires_at IS NOT NULL AND window_start < window_end)), 
	CONSTRAINT ck_assignments_overlap_expires CHECK ((overlap_reason IS NULL) = (overlap_until IS NULL)), 
	CONSTRAINT fk_assignments_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_assignments_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_assignments_assignmentstatus CHECK (status IN ('held', 'confirmed', 'active', 'done', 'removed', 'expired', 'backed_out', 'technician_no_show')), 
	CONSTRAINT ck_assignments_assignmentsource CHECK (source IN ('plan', 'dispatcher', 'customer', 'offer')), 
	CONSTRAINT uq_assignments_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_assignments_held ON assignments (expires_at) WHERE status = 'held'
--;;
CREATE UNIQUE INDEX uq_assignments_visit_seat_occupying ON assignments (visit_id, seat) WHERE status IN ('active', 'confirmed', 'done', 'held')
--;;
CREATE INDEX ix_assignments_visit_id ON assignments (visit_id)
--;;
CREATE INDEX ix_assignments_technician_occupying ON assignments (technician_id, starts_at) WHERE status IN ('active', 'confirmed', 'done', 'held')
--;;
CREATE INDEX ix_assignments_technician_id ON assignments (technician_id)
--;;
CREATE TABLE bookings (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	arrival_start TIMESTAMP WITH TIME ZONE NOT NULL, 
	arrival_end TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirm_by TIMESTAMP WITH TIME ZONE, 
	times_moved INTEGER NOT NULL, 
	cancelled_by TEXT, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_bookings PRIMARY KEY (id), 
	CONSTRAINT ck_bookings_order CHECK (arrival_end > arrival_start), 
	CONSTRAINT fk_bookings_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_bookings_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT ck_bookings_bookingstatus CHECK (status IN ('confirmed', 'fulfilled', 'cancelled', 'customer_absent')), 
	CONSTRAINT uq_bookings_external_id UNIQUE (external_id)
)
--;;
CREATE INDEX ix_bookings_visit_id ON bookings (visit_id)
--;;
CREATE UNIQUE INDEX uq_bookings_visit_confirmed ON bookings (visit_id) WHERE status = 'confirmed'
--;;
CREATE INDEX ix_bookings_customer_id ON bookings (customer_id)
--;;
CREATE TABLE no_accesses (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	technician_id UUID, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	waited_minutes INTEGER NOT NULL, 
	call_log JSONB NOT NULL, 
	photo_id UUID, 
	charge_rule TEXT NOT NULL, 
	charge_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_no_accesses PRIMARY KEY (id), 
	CONSTRAINT ck_no_accesses_waited CHECK (waited_minutes >= 0), 
	CONSTRAINT ck_no_accesses_charge CHECK (charge_cents >= 0), 
	CONSTRAINT uq_no_accesses_visit_id UNIQUE (visit_id), 
	CONSTRAINT fk_no_accesses_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_no_accesses_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_no_accesses_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE pins (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	technician_id UUID, 
	day DATE, 
	starts_at TIMESTAMP WITH TIME ZONE, 
	window_start TIMESTAMP WITH TIME ZONE, 
	window_end TIMESTAMP WITH TIME ZONE, 
	reason TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_pins PRIMARY KEY (id), 
	CONSTRAINT uq_pins_visit_id_kind UNIQUE (visit_id, kind), 
	CONSTRAINT ck_pins_fixes_something CHECK (CASE kind WHEN 'technician' THEN technician_id IS NOT NULL WHEN 'day' THEN day IS NOT NULL WHEN 'time' THEN starts_at IS NOT NULL ELSE window_start < window_end END), 
	CONSTRAINT fk_pins_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_pins_pinkind CHECK (kind IN ('technician', 'day', 'time', 'window')), 
	CONSTRAINT fk_pins_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_pins_external_id UNIQUE (external_id)
)
--;;
CREATE TABLE call_tasks (
	id UUID DEFAULT uuidv7() NOT NULL, 
	alert_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE, 
	note TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_call_tasks PRIMARY KEY (id), 
	CONSTRAINT fk_call_tasks_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT fk_call_tasks_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT uq_call_tasks_external_id UNIQUE (external_id)
)
--;;
CREATE UNIQUE INDEX uq_call_tasks_open ON call_tasks (alert_id) WHERE done_at IS NULL
--;;
CREATE TABLE offers (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	pay_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	travel_seconds INTEGER NOT NULL, 
	expected_minutes INTEGER NOT NULL, 
	asked_count INTEGER NOT NULL, 
	wave INTEGER NOT NULL, 
	decline_reason TEXT, 
	assignment_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_offers PRIMARY KEY (id), 
	CONSTRAINT ck_offers_pay_not_negative CHECK (pay_cents >= 0), 
	CONSTRAINT ck_offers_ends_after_start CHECK (starts_at < ends_at), 
	CONSTRAINT ck_offers_assigned CHECK ((status = 'accepted') = (assignment_id IS NOT NULL)), 
	CONSTRAINT fk_offers_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_offers_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_offers_offerstatus CHECK (status IN ('sent', 'viewed', 'accepted', 'declined', 'countered', 'expired', 'withdrawn', 'filled')), 
	CONSTRAINT fk_offers_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT uq_offers_external_id UNIQUE (external_id)
)
--;;
CREATE UNIQUE INDEX uq_offers_open_visit_technician ON offers (visit_id, technician_id) WHERE status IN ('sent', 'viewed', 'countered')
--;;
CREATE INDEX ix_offers_visit_id ON offers (visit_id)
--;;
CREATE INDEX ix_offers_open_expires_at ON offers (expires_at) WHERE status IN ('sent', 'viewed', 'countered')
--;;
CREATE INDEX ix_offers_technician_id ON offers (technician_id)
--;;
CREATE TRIGGER touch BEFORE UPDATE ON absences FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON absences FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION audit_record('password_hash')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON agreements FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON agreements FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON alerts FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON alerts FOR EACH ROW EXECUTE FUNCTION check_move('status', 'active>acknowledged,active>cleared,active>snoozed,acknowledged>cleared,acknowledged>snoozed,snoozed>acknowledged,snoozed>active,snoozed>cleared')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON assets FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON assets FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON assignments FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON assignments FOR EACH ROW EXECUTE FUNCTION check_move('status', 'held>confirmed,held>expired,held>removed,confirmed>active,confirmed>backed_out,confirmed>removed,confirmed>technician_no_show,active>backed_out,active>confirmed,active>done,active>removed,active>technician_no_show,done>active')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON bookings FOR EACH ROW EXECUTE FUNCTION check_move('status', 'confirmed>cancelled,confirmed>customer_absent,confirmed>fulfilled,fulfilled>confirmed,customer_absent>confirmed')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON calendars FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON calendars FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON call_tasks FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON call_tasks FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON credentials FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON credentials FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON credentials FOR EACH ROW EXECUTE FUNCTION check_move('status', 'pending>revoked,pending>valid,valid>expired,valid>revoked')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON devices FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON devices FOR EACH ROW EXECUTE FUNCTION audit_record('mqtt_hash,request_key,token_hash')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON devices FOR EACH ROW EXECUTE FUNCTION check_move('status', 'active>revoked')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON dispatch_policies FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON dispatch_policies FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON messages FOR EACH ROW EXECUTE FUNCTION audit_record('link,text')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON messages FOR EACH ROW EXECUTE FUNCTION check_move('status', 'queued>expired,queued>failed,queued>sent')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON no_accesses FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON no_accesses FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON offers FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON offers FOR EACH ROW EXECUTE FUNCTION check_move('status', 'sent>accepted,sent>countered,sent>declined,sent>expired,sent>filled,sent>viewed,sent>withdrawn,viewed>accepted,viewed>countered,viewed>declined,viewed>expired,viewed>filled,viewed>withdrawn,countered>accepted,countered>declined,countered>expired,countered>filled,countered>withdrawn')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON part_reservations FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON part_reservations FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON part_reservations FOR EACH ROW EXECUTE FUNCTION check_move('status', 'needed>released,needed>reserved,needed>short,reserved>released,reserved>used,short>released,short>reserved')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON parts FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON pins FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON pins FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON plans FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON plans FOR EACH ROW EXECUTE FUNCTION audit_record('difference,result,snapshot')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON plans FOR EACH ROW EXECUTE FUNCTION check_move('status', 'requested>empty,requested>failed,requested>solving,solving>applied,solving>drafted,solving>empty,solving>failed,solving>partly_applied,solving>refused,drafted>approved,drafted>dropped,approved>applied,approved>partly_applied')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON prerequisites FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON prerequisites FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON providers FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON providers FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON ratings FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ratings FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON rules FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rules FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON shift_breaks FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON shift_breaks FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON shifts FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON shifts FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON site_key_views FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON site_key_views FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON site_keys FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON site_keys FOR EACH ROW EXECUTE FUNCTION audit_record('secret')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON sites FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sites FOR EACH ROW EXECUTE FUNCTION audit_record('access_notes_confidential')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON sla_clocks FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sla_clocks FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON sla_pauses FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sla_pauses FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON sla_policies FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sla_policies FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON stocks FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON stocks FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON technician_skills FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technician_skills FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON technicians FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON technicians FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON territories FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON territories FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON visits FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON visits FOR EACH ROW EXECUTE FUNCTION check_move('status', 'unscheduled>cancelled,unscheduled>scheduled,scheduled>cancelled,scheduled>dispatched,scheduled>unscheduled,dispatched>accepted,dispatched>cancelled,dispatched>en_route,dispatched>scheduled,dispatched>unscheduled,accepted>cancelled,accepted>en_route,accepted>unscheduled,en_route>accepted,en_route>cancelled,en_route>dispatched,en_route>on_site,en_route>scheduled,en_route>unscheduled,on_site>cancelled,on_site>en_route,on_site>in_progress,on_site>incomplete,in_progress>cancelled,in_progress>completed,in_progress>incomplete,in_progress>on_site,in_progress>paused,paused>cancelled,paused>completed,paused>in_progress,paused>incomplete,completed>in_progress,incomplete>in_progress,incomplete>on_site')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON work_orders FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON work_orders FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON work_orders FOR EACH ROW EXECUTE FUNCTION check_move('status', 'new>cancelled,new>on_hold,new>open,open>cancelled,open>completed,open>in_progress,open>on_hold,open>scheduled,scheduled>cancelled,scheduled>completed,scheduled>in_progress,scheduled>on_hold,scheduled>open,in_progress>cancelled,in_progress>completed,in_progress>on_hold,in_progress>open,in_progress>scheduled,on_hold>cancelled,on_hold>completed,on_hold>in_progress,on_hold>new,on_hold>open,on_hold>scheduled,completed>in_progress,completed>reviewed,reviewed>closed')
--;;
CREATE TRIGGER touch BEFORE UPDATE ON work_types FOR EACH ROW EXECUTE FUNCTION touch_record()
--;;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON work_types FOR EACH ROW EXECUTE FUNCTION audit_record('')
--;;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
