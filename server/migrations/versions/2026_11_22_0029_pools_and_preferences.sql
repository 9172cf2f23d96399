CREATE TABLE talent_pools (
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rule JSONB NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_talent_pools PRIMARY KEY (id),
    CONSTRAINT uq_talent_pools_name UNIQUE (name),
    CONSTRAINT uq_talent_pools_external_id UNIQUE (external_id)
);;
CREATE TABLE preferences (
    id UUID DEFAULT uuidv7() NOT NULL,
    customer_id UUID NOT NULL,
    technician_id UUID NOT NULL,
    side VARCHAR(40) NOT NULL,
    stance VARCHAR(40) NOT NULL,
    reason TEXT NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_preferences PRIMARY KEY (id),
    CONSTRAINT uq_preferences_customer_id_technician_id_side UNIQUE (customer_id, technician_id, side),
    CONSTRAINT fk_preferences_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id),
    CONSTRAINT fk_preferences_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT ck_preferences_wisher CHECK (side IN ('customer', 'technician')),
    CONSTRAINT ck_preferences_stance CHECK (stance IN ('block', 'prefer')),
    CONSTRAINT uq_preferences_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_preferences_technician_id ON preferences (technician_id);;
CREATE TABLE pool_members (
    id UUID DEFAULT uuidv7() NOT NULL,
    pool_id UUID NOT NULL,
    technician_id UUID NOT NULL,
    kept_out BOOLEAN NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_pool_members PRIMARY KEY (id),
    CONSTRAINT uq_pool_members_pool_id_technician_id UNIQUE (pool_id, technician_id),
    CONSTRAINT fk_pool_members_pool_id FOREIGN KEY(pool_id) REFERENCES talent_pools (id),
    CONSTRAINT fk_pool_members_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT uq_pool_members_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_pool_members_technician_id ON pool_members (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON pool_members FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON pool_members FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON preferences FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON preferences FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON talent_pools FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON talent_pools FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE FUNCTION refuse_barred_taker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM preferences p
          JOIN visits v ON v.customer_id = p.customer_id
         WHERE v.id = NEW.visit_id AND p.technician_id = NEW.technician_id AND p.stance = 'block'
    ) THEN
        RAISE EXCEPTION 'This technician may not take this visit.' USING ERRCODE = 'FF006';
    END IF;
    RETURN NEW;
END $$;;
CREATE TRIGGER may_take BEFORE INSERT ON assignments FOR EACH ROW WHEN (NEW.source = 'offer') EXECUTE FUNCTION refuse_barred_taker();;
