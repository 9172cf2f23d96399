CREATE TABLE storms (
	id UUID DEFAULT uuidv7() NOT NULL, 
	incident_id UUID NOT NULL, 
	territory_id UUID NOT NULL, 
	parent_order_id UUID NOT NULL, 
	restoration_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	reserve_pct INTEGER NOT NULL, 
	reserve_before_pct INTEGER NOT NULL, 
	policy_id UUID, 
	policy_before_id UUID, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_storms PRIMARY KEY (id), 
	CONSTRAINT ck_storms_reserve_range CHECK (reserve_pct BETWEEN 0 AND 100), 
	CONSTRAINT fk_storms_incident_id FOREIGN KEY(incident_id) REFERENCES incidents (id), 
	CONSTRAINT fk_storms_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT fk_storms_parent_order_id FOREIGN KEY(parent_order_id) REFERENCES work_orders (id), 
	CONSTRAINT fk_storms_policy_id FOREIGN KEY(policy_id) REFERENCES policies (id), 
	CONSTRAINT fk_storms_policy_before_id FOREIGN KEY(policy_before_id) REFERENCES policies (id), 
	CONSTRAINT uq_storms_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_storms_incident_id ON storms (incident_id);;
CREATE UNIQUE INDEX uq_storms_running ON storms (territory_id) WHERE ended_at IS NULL;;
CREATE TABLE remedies (
	id UUID DEFAULT uuidv7() NOT NULL, 
	alert_id UUID NOT NULL, 
	incident_id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	cost_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	words JSONB NOT NULL, 
	proposed_by TEXT NOT NULL, 
	decided_by TEXT, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_remedies PRIMARY KEY (id), 
	CONSTRAINT ck_remedies_cost_not_negative CHECK (cost_cents >= 0), 
	CONSTRAINT ck_remedies_two_people CHECK (decided_by <> proposed_by), 
	CONSTRAINT uq_remedies_alert_id UNIQUE (alert_id), 
	CONSTRAINT fk_remedies_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT fk_remedies_incident_id FOREIGN KEY(incident_id) REFERENCES incidents (id), 
	CONSTRAINT fk_remedies_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id), 
	CONSTRAINT ck_remedies_remedykind CHECK (kind IN ('priority_visit', 'loan_device', 'credit', 'workaround')), 
	CONSTRAINT ck_remedies_remedystatus CHECK (status IN ('proposed', 'granted', 'declined')), 
	CONSTRAINT uq_remedies_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_remedies_incident_id ON remedies (incident_id);;
CREATE INDEX ix_remedies_customer_id ON remedies (customer_id);;
CREATE TABLE storm_orders (
	id UUID DEFAULT uuidv7() NOT NULL, 
	storm_id UUID NOT NULL, 
	work_order_id UUID NOT NULL, 
	alert_id UUID NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_storm_orders PRIMARY KEY (id), 
	CONSTRAINT fk_storm_orders_storm_id FOREIGN KEY(storm_id) REFERENCES storms (id), 
	CONSTRAINT fk_storm_orders_work_order_id FOREIGN KEY(work_order_id) REFERENCES work_orders (id), 
	CONSTRAINT fk_storm_orders_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT uq_storm_orders_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_storm_orders_work_order_id ON storm_orders (work_order_id);;
CREATE INDEX ix_storm_orders_alert_id ON storm_orders (alert_id);;
CREATE INDEX ix_storm_orders_storm_id ON storm_orders (storm_id);;
CREATE TRIGGER touch BEFORE UPDATE ON remedies FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON remedies FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON remedies FOR EACH ROW EXECUTE FUNCTION check_move('status', 'proposed>declined,proposed>granted');;
CREATE TRIGGER touch BEFORE UPDATE ON storm_orders FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON storm_orders FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON storms FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON storms FOR EACH ROW EXECUTE FUNCTION audit_record('');;
