ALTER TABLE rules
    ADD COLUMN auto_clear_hours INTEGER,
    ADD CONSTRAINT ck_rules_auto_clear_positive CHECK (auto_clear_hours > 0);;
ALTER TABLE alerts
    ADD COLUMN quiet_reason VARCHAR(40),
    ADD COLUMN quiet_until TIMESTAMP WITH TIME ZONE,
    ADD COLUMN inhibited_by UUID,
    ADD COLUMN escalation_level INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN last_seen_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_alerts_quietreason
        CHECK (quiet_reason IN ('silence', 'maintenance', 'inhibited')),
    ADD CONSTRAINT ck_alerts_danger_is_never_quiet
        CHECK (quiet_reason IS NULL OR danger = 'none'),
    ADD CONSTRAINT fk_alerts_inhibited_by FOREIGN KEY(inhibited_by) REFERENCES alerts (id);;
CREATE INDEX ix_alerts_inhibited_by ON alerts (inhibited_by);;
CREATE TABLE inhibitions (
	id UUID DEFAULT uuidv7() NOT NULL, 
	source_fault_class TEXT NOT NULL, 
	target_fault_class TEXT NOT NULL, 
	reach VARCHAR(40) NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_inhibitions PRIMARY KEY (id), 
	CONSTRAINT uq_inhibitions_source_fault_class_target_fault_class_reach UNIQUE (source_fault_class, target_fault_class, reach), 
	CONSTRAINT ck_inhibitions_not_itself CHECK (source_fault_class <> target_fault_class OR reach = 'parent_asset'), 
	CONSTRAINT ck_inhibitions_reach CHECK (reach IN ('same_asset', 'parent_asset', 'same_site')), 
	CONSTRAINT uq_inhibitions_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_inhibitions_target_fault_class ON inhibitions (target_fault_class);;
CREATE TABLE incidents (
	id UUID DEFAULT uuidv7() NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	cause VARCHAR(40) NOT NULL, 
	fault_class TEXT NOT NULL, 
	territory_id UUID, 
	upstream_asset_id UUID, 
	model TEXT, 
	latitude DOUBLE PRECISION, 
	longitude DOUBLE PRECISION, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_incidents PRIMARY KEY (id), 
	CONSTRAINT ck_incidents_closed_has_time CHECK ((status = 'closed') = (closed_at IS NOT NULL)), 
	CONSTRAINT ck_incidents_cause_is_named CHECK (CASE cause WHEN 'upstream' THEN upstream_asset_id IS NOT NULL WHEN 'area' THEN latitude IS NOT NULL AND longitude IS NOT NULL ELSE model IS NOT NULL END), 
	CONSTRAINT ck_incidents_incidentstatus CHECK (status IN ('open', 'storm', 'closed')), 
	CONSTRAINT ck_incidents_cause CHECK (cause IN ('upstream', 'area', 'model')), 
	CONSTRAINT fk_incidents_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT fk_incidents_upstream_asset_id FOREIGN KEY(upstream_asset_id) REFERENCES assets (id), 
	CONSTRAINT uq_incidents_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_incidents_status_incidents_fault_class ON incidents (status, fault_class);;
CREATE TABLE silences (
	id UUID DEFAULT uuidv7() NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	rule_id UUID, 
	fault_class TEXT, 
	asset_id UUID, 
	site_id UUID, 
	territory_id UUID, 
	model TEXT, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	reason TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_silences PRIMARY KEY (id), 
	CONSTRAINT ck_silences_ends_after_start CHECK (ends_at > starts_at), 
	CONSTRAINT ck_silences_names_something CHECK (num_nonnulls(rule_id, fault_class, asset_id, site_id, territory_id, model) > 0), 
	CONSTRAINT ck_silences_silencekind CHECK (kind IN ('silence', 'maintenance')), 
	CONSTRAINT fk_silences_rule_id FOREIGN KEY(rule_id) REFERENCES rules (id), 
	CONSTRAINT fk_silences_asset_id FOREIGN KEY(asset_id) REFERENCES assets (id), 
	CONSTRAINT fk_silences_site_id FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT fk_silences_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT uq_silences_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_silences_ends_at ON silences (ends_at);;
CREATE TABLE incident_alerts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	incident_id UUID NOT NULL, 
	alert_id UUID NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_incident_alerts PRIMARY KEY (id), 
	CONSTRAINT fk_incident_alerts_incident_id FOREIGN KEY(incident_id) REFERENCES incidents (id), 
	CONSTRAINT uq_incident_alerts_alert_id UNIQUE (alert_id), 
	CONSTRAINT fk_incident_alerts_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT uq_incident_alerts_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_incident_alerts_incident_id ON incident_alerts (incident_id);;
CREATE TRIGGER touch BEFORE UPDATE ON incident_alerts FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON incident_alerts FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON incidents FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON incidents FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON incidents FOR EACH ROW EXECUTE FUNCTION check_move('status', 'open>closed,open>storm,storm>closed,storm>open');;
CREATE TRIGGER touch BEFORE UPDATE ON inhibitions FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON inhibitions FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON silences FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON silences FOR EACH ROW EXECUTE FUNCTION audit_record('');;
