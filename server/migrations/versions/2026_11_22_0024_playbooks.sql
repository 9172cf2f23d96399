ALTER TABLE alerts
    ADD COLUMN failure_curve JSONB,
    ADD COLUMN remote_outcome VARCHAR(40),
    ADD COLUMN remote_due_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_alerts_remoteoutcome CHECK (remote_outcome IN ('sent', 'fixed', 'failed')),
    DROP CONSTRAINT ck_alerts_choice,
    ADD CONSTRAINT ck_alerts_choice CHECK (answer IN ('remote_fix', 'slot', 'ignore'));;
CREATE TABLE playbooks (
	id UUID DEFAULT uuidv7() NOT NULL, 
	fault_class TEXT NOT NULL, 
	criticality INTEGER NOT NULL, 
	danger BOOLEAN DEFAULT false NOT NULL, 
	remote_command TEXT, 
	retest_minutes INTEGER NOT NULL, 
	first_step VARCHAR(40) NOT NULL, 
	offers_remote BOOLEAN NOT NULL, 
	offers_ignore BOOLEAN NOT NULL, 
	work_type_code TEXT, 
	floor_minutes INTEGER NOT NULL, 
	parts_lead_hours INTEGER NOT NULL, 
	failure_cents INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_playbooks PRIMARY KEY (id), 
	CONSTRAINT uq_playbooks_fault_class_criticality UNIQUE (fault_class, criticality), 
	CONSTRAINT ck_playbooks_criticality_range CHECK (criticality BETWEEN 1 AND 5), 
	CONSTRAINT ck_playbooks_minutes_positive CHECK (retest_minutes > 0 AND floor_minutes >= 0), 
	CONSTRAINT ck_playbooks_failure_not_negative CHECK (failure_cents >= 0), 
	CONSTRAINT ck_playbooks_danger_never_ignored CHECK (NOT (offers_ignore AND danger)), 
	CONSTRAINT ck_playbooks_lead_not_negative CHECK (parts_lead_hours >= 0), 
	CONSTRAINT ck_playbooks_firststep CHECK (first_step IN ('message', 'work_order')), 
	CONSTRAINT uq_playbooks_external_id UNIQUE (external_id)
);;
CREATE TRIGGER touch BEFORE UPDATE ON playbooks FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON playbooks FOR EACH ROW EXECUTE FUNCTION audit_record('');;
