ALTER TABLE technicians ADD COLUMN suspended_at TIMESTAMP WITH TIME ZONE;;
ALTER TABLE credentials ADD COLUMN reminded_days INTEGER;;
CREATE TABLE credential_kinds (
    id UUID DEFAULT uuidv7() NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    required_of TEXT[] NOT NULL,
    remind_days JSONB NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_credential_kinds PRIMARY KEY (id),
    CONSTRAINT uq_credential_kinds_kind UNIQUE (kind),
    CONSTRAINT uq_credential_kinds_external_id UNIQUE (external_id)
);;
CREATE TABLE suspensions (
    id UUID DEFAULT uuidv7() NOT NULL,
    technician_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    reason TEXT NOT NULL,
    suspended_by TEXT NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    lifted_by TEXT,
    lift_reason TEXT NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_suspensions PRIMARY KEY (id),
    CONSTRAINT ck_suspensions_reason CHECK (reason <> ''),
    CONSTRAINT ck_suspensions_lifted CHECK ((status = 'lifted') = (lifted_by IS NOT NULL)),
    CONSTRAINT fk_suspensions_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT ck_suspensions_suspensionstatus CHECK (status IN ('in_force', 'lifted')),
    CONSTRAINT uq_suspensions_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_suspensions_technician_id ON suspensions (technician_id);;
CREATE UNIQUE INDEX uq_suspensions_in_force ON suspensions (technician_id) WHERE status = 'in_force';;
CREATE TABLE appeals (
    id UUID DEFAULT uuidv7() NOT NULL,
    suspension_id UUID NOT NULL,
    technician_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    words TEXT NOT NULL,
    answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT NOT NULL,
    decided_by TEXT,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_appeals PRIMARY KEY (id),
    CONSTRAINT ck_appeals_decided CHECK ((status = 'open') = (decided_by IS NULL)),
    CONSTRAINT fk_appeals_suspension_id FOREIGN KEY(suspension_id) REFERENCES suspensions (id),
    CONSTRAINT fk_appeals_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT ck_appeals_appealstatus CHECK (status IN ('open', 'upheld', 'granted')),
    CONSTRAINT uq_appeals_external_id UNIQUE (external_id)
);;
CREATE UNIQUE INDEX uq_appeals_open ON appeals (suspension_id) WHERE status = 'open';;
CREATE INDEX ix_appeals_suspension_id ON appeals (suspension_id);;
CREATE INDEX ix_appeals_technician_id ON appeals (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON appeals FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON appeals FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON appeals FOR EACH ROW EXECUTE FUNCTION check_move('status', 'open>granted,open>upheld');;
CREATE TRIGGER touch BEFORE UPDATE ON credential_kinds FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON credential_kinds FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON suspensions FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON suspensions FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON suspensions FOR EACH ROW EXECUTE FUNCTION check_move('status', 'in_force>lifted');;
SELECT set_config('firstfix.actor', 'system', true);;
INSERT INTO credential_kinds (kind, name, required_of, remind_days) VALUES
    ('insurance', 'Liability insurance', '{}', '[30, 7, 1]'),
    ('tax', 'Tax registration', '{}', '[30, 7, 1]'),
    ('right_to_work', 'Right to work', '{}', '[60, 30, 7, 1]'),
    ('background_check', 'Background check', '{}', '[60, 30, 7]');;
CREATE OR REPLACE FUNCTION refuse_barred_taker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM preferences p
          JOIN visits v ON v.customer_id = p.customer_id
         WHERE v.id = NEW.visit_id AND p.technician_id = NEW.technician_id AND p.stance = 'block'
    ) OR EXISTS (
        SELECT 1 FROM technicians t WHERE t.id = NEW.technician_id AND t.suspended_at IS NOT NULL
    ) OR EXISTS (
        SELECT 1
          FROM (
            SELECT unnest(v.credentials) AS kind FROM visits v WHERE v.id = NEW.visit_id
            UNION
            SELECT k.kind
              FROM credential_kinds k
              JOIN technicians t ON t.employment = ANY (k.required_of)
             WHERE t.id = NEW.technician_id
          ) needed
         WHERE NOT EXISTS (
            SELECT 1 FROM credentials c
             WHERE c.technician_id = NEW.technician_id
               AND c.kind = needed.kind
               AND c.status = 'valid'
               AND (c.expires_at IS NULL OR c.expires_at >= NEW.ends_at)
         )
    ) THEN
        RAISE EXCEPTION 'This technician may not take this visit.' USING ERRCODE = 'FF006';
    END IF;
    RETURN NEW;
END $$;;
