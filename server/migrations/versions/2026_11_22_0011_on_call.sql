CREATE TABLE rotas (
	id UUID DEFAULT uuidv7() NOT NULL, 
	name TEXT NOT NULL, 
	territory_id UUID NOT NULL, 
	time_zone TEXT NOT NULL, 
	skills TEXT[] NOT NULL, 
	hand_over_minute INTEGER NOT NULL, 
	weekday INTEGER, 
	starts_on DATE NOT NULL, 
	accept_minutes INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_rotas PRIMARY KEY (id), 
	CONSTRAINT ck_rotas_hand_over CHECK (hand_over_minute BETWEEN 0 AND 1439), 
	CONSTRAINT ck_rotas_weekday CHECK (weekday BETWEEN 0 AND 6), 
	CONSTRAINT ck_rotas_accept CHECK (accept_minutes > 0), 
	CONSTRAINT uq_rotas_name UNIQUE (name), 
	CONSTRAINT fk_rotas_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id), 
	CONSTRAINT uq_rotas_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_rotas_territory_id ON rotas (territory_id);;
CREATE TRIGGER touch BEFORE UPDATE ON rotas FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rotas FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE rota_members (
	id UUID DEFAULT uuidv7() NOT NULL, 
	rota_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	position INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_rota_members PRIMARY KEY (id), 
	CONSTRAINT uq_rota_members_rota_id_technician_id UNIQUE (rota_id, technician_id), 
	CONSTRAINT fk_rota_members_rota_id FOREIGN KEY(rota_id) REFERENCES rotas (id), 
	CONSTRAINT fk_rota_members_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_rota_members_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_rota_members_technician_id ON rota_members (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON rota_members FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rota_members FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE duty_changes (
	id UUID DEFAULT uuidv7() NOT NULL, 
	rota_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	asked_by_id UUID, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	reason TEXT NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_duty_changes PRIMARY KEY (id), 
	CONSTRAINT ck_duty_changes_order CHECK (ends_at > starts_at), 
	CONSTRAINT fk_duty_changes_rota_id FOREIGN KEY(rota_id) REFERENCES rotas (id), 
	CONSTRAINT fk_duty_changes_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_duty_changes_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES technicians (id), 
	CONSTRAINT ck_duty_changes_changestatus CHECK (status IN ('asked', 'accepted', 'declined')), 
	CONSTRAINT uq_duty_changes_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_duty_changes_rota_id_duty_changes_ends_at ON duty_changes (rota_id, ends_at);;
CREATE INDEX ix_duty_changes_technician_id ON duty_changes (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON duty_changes FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON duty_changes FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON duty_changes FOR EACH ROW EXECUTE FUNCTION check_move('status', 'asked>accepted,asked>declined');;
CREATE TABLE call_outs (
	id UUID DEFAULT uuidv7() NOT NULL, 
	visit_id UUID NOT NULL, 
	rota_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	accept_by TIMESTAMP WITH TIME ZONE NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_call_outs PRIMARY KEY (id), 
	CONSTRAINT uq_call_outs_visit_id_technician_id UNIQUE (visit_id, technician_id), 
	CONSTRAINT fk_call_outs_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_call_outs_rota_id FOREIGN KEY(rota_id) REFERENCES rotas (id), 
	CONSTRAINT fk_call_outs_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_call_outs_calloutstatus CHECK (status IN ('asked', 'accepted', 'declined', 'expired')), 
	CONSTRAINT uq_call_outs_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_call_outs_technician_id_call_outs_status ON call_outs (technician_id, status);;
CREATE UNIQUE INDEX uq_call_outs_open ON call_outs (visit_id) WHERE status IN ('asked', 'accepted');;
CREATE TRIGGER touch BEFORE UPDATE ON call_outs FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON call_outs FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON call_outs FOR EACH ROW EXECUTE FUNCTION check_move('status', 'asked>accepted,asked>declined,asked>expired');;
