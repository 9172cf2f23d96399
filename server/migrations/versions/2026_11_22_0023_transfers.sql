CREATE TABLE payout_destinations (
	id UUID DEFAULT uuidv7() NOT NULL, 
	payee_id UUID NOT NULL, 
	provider_name TEXT NOT NULL, 
	token TEXT NOT NULL, 
	label TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_payout_destinations PRIMARY KEY (id), 
	CONSTRAINT uq_payout_destinations_payee_id UNIQUE (payee_id), 
	CONSTRAINT uq_payout_destinations_external_id UNIQUE (external_id)
);;
CREATE TRIGGER touch BEFORE UPDATE ON payout_destinations FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON payout_destinations FOR EACH ROW EXECUTE FUNCTION audit_record('token');;
CREATE TABLE payout_runs (
	id UUID DEFAULT uuidv7() NOT NULL, 
	transfer_count INTEGER NOT NULL, 
	left_out UUID[] NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_payout_runs PRIMARY KEY (id), 
	CONSTRAINT uq_payout_runs_external_id UNIQUE (external_id)
);;
CREATE TRIGGER touch BEFORE UPDATE ON payout_runs FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON payout_runs FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE transfers (
	id UUID DEFAULT uuidv7() NOT NULL, 
	run_id UUID NOT NULL, 
	payee_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	amount_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	key TEXT NOT NULL, 
	destination_id UUID NOT NULL, 
	reference TEXT, 
	asked_at TIMESTAMP WITH TIME ZONE, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	message TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_transfers PRIMARY KEY (id), 
	CONSTRAINT ck_transfers_amount CHECK (amount_cents > 0), 
	CONSTRAINT ck_transfers_reference CHECK ((status IN ('sent', 'returned')) = (reference IS NOT NULL)), 
	CONSTRAINT uq_transfers_key UNIQUE (key), 
	CONSTRAINT uq_transfers_run_id_payee_id_currency UNIQUE (run_id, payee_id, currency), 
	CONSTRAINT fk_transfers_run_id FOREIGN KEY(run_id) REFERENCES payout_runs (id), 
	CONSTRAINT ck_transfers_transferstatus CHECK (status IN ('prepared', 'sent', 'failed', 'returned')), 
	CONSTRAINT fk_transfers_destination_id FOREIGN KEY(destination_id) REFERENCES payout_destinations (id), 
	CONSTRAINT uq_transfers_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_transfers_payee_id ON transfers (payee_id);;
CREATE INDEX ix_transfers_prepared ON transfers (created_at) WHERE status = 'prepared';;
CREATE TRIGGER touch BEFORE UPDATE ON transfers FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON transfers FOR EACH ROW EXECUTE FUNCTION check_move('status', 'prepared>failed,prepared>sent,sent>returned');;
