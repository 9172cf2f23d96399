CREATE TABLE trust_terms (
	id UUID DEFAULT uuidv7() NOT NULL, 
	base_points INTEGER NOT NULL, 
	base_weight INTEGER NOT NULL, 
	half_life_days INTEGER NOT NULL, 
	late_minutes INTEGER NOT NULL, 
	late_points INTEGER NOT NULL, 
	notice_hours INTEGER NOT NULL, 
	early_back_out_points INTEGER NOT NULL, 
	late_back_out_points INTEGER NOT NULL, 
	no_show_weight INTEGER NOT NULL, 
	stars_weight INTEGER NOT NULL, 
	answer_days INTEGER NOT NULL, 
	window_days INTEGER NOT NULL, 
	most_ahead DOUBLE PRECISION NOT NULL, 
	most_ahead_pct DOUBLE PRECISION NOT NULL, 
	reply_hours INTEGER NOT NULL, 
	approve_hours INTEGER NOT NULL, 
	refused_pct INTEGER NOT NULL, 
	cancelled_pct INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_trust_terms PRIMARY KEY (id), 
	CONSTRAINT ck_trust_terms_points CHECK (base_points BETWEEN 0 AND 100 AND late_points BETWEEN 0 AND 100 AND early_back_out_points BETWEEN 0 AND 100 AND late_back_out_points BETWEEN 0 AND 100), 
	CONSTRAINT ck_trust_terms_weights CHECK (base_weight > 0 AND no_show_weight > 0 AND stars_weight > 0), 
	CONSTRAINT ck_trust_terms_times CHECK (half_life_days > 0 AND late_minutes >= 0 AND notice_hours >= 0 AND answer_days > 0 AND window_days > 0 AND reply_hours > 0 AND approve_hours > 0), 
	CONSTRAINT ck_trust_terms_ahead CHECK (most_ahead > 0 AND most_ahead_pct >= 0), 
	CONSTRAINT ck_trust_terms_shares CHECK (refused_pct BETWEEN 0 AND 100 AND cancelled_pct BETWEEN 0 AND 100), 
	CONSTRAINT uq_trust_terms_external_id UNIQUE (external_id)
);;
CREATE TRIGGER touch BEFORE UPDATE ON trust_terms FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON trust_terms FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE score_facts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	visit_id UUID NOT NULL, 
	assignment_id UUID NOT NULL, 
	aspect VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	value INTEGER, 
	happened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	dropped VARCHAR(40), 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_score_facts PRIMARY KEY (id), 
	CONSTRAINT uq_score_facts_assignment_id_aspect UNIQUE (assignment_id, aspect), 
	CONSTRAINT ck_score_facts_stars CHECK (kind <> 'rated' OR value BETWEEN 1 AND 5), 
	CONSTRAINT fk_score_facts_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_score_facts_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT fk_score_facts_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT ck_score_facts_aspect CHECK (aspect IN ('attendance', 'work', 'rating')), 
	CONSTRAINT ck_score_facts_factkind CHECK (kind IN ('on_time', 'late', 'back_out_early', 'back_out_late', 'no_show', 'approved', 'rated')), 
	CONSTRAINT ck_score_facts_dropped CHECK (dropped IN ('undone', 'granted')), 
	CONSTRAINT uq_score_facts_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_score_facts_technician_id_happened_at ON score_facts (technician_id, happened_at);;
CREATE INDEX ix_score_facts_visit_id ON score_facts (visit_id);;
CREATE TRIGGER touch BEFORE UPDATE ON score_facts FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON score_facts FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE reviews (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	fact_id UUID, 
	consideration_id BIGINT, 
	status VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	answer_by TIMESTAMP WITH TIME ZONE NOT NULL, 
	is_overdue BOOLEAN NOT NULL, 
	answer TEXT NOT NULL, 
	answered_by TEXT, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT ck_reviews_one_subject CHECK (fact_id IS NULL OR consideration_id IS NULL), 
	CONSTRAINT fk_reviews_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_reviews_fact_id FOREIGN KEY(fact_id) REFERENCES score_facts (id), 
	CONSTRAINT fk_reviews_consideration_id FOREIGN KEY(consideration_id) REFERENCES considerations (id), 
	CONSTRAINT ck_reviews_reviewstatus CHECK (status IN ('open', 'granted', 'refused')), 
	CONSTRAINT uq_reviews_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_reviews_answer_by ON reviews (answer_by) WHERE status = 'open';;
CREATE INDEX ix_reviews_technician_id ON reviews (technician_id);;
CREATE UNIQUE INDEX uq_reviews_open ON reviews (technician_id, fact_id, consideration_id) NULLS NOT DISTINCT WHERE status = 'open';;
CREATE TRIGGER touch BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON reviews FOR EACH ROW EXECUTE FUNCTION check_move('status', 'open>granted,open>refused');;
CREATE TABLE score_changes (
	id BIGSERIAL NOT NULL, 
	technician_id UUID NOT NULL, 
	fact_id UUID NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	cause VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	value INTEGER, 
	before INTEGER NOT NULL, 
	after INTEGER NOT NULL, 
	sentence TEXT NOT NULL, 
	CONSTRAINT pk_score_changes PRIMARY KEY (id), 
	CONSTRAINT ck_score_changes_points CHECK (before BETWEEN 0 AND 100 AND after BETWEEN 0 AND 100), 
	CONSTRAINT fk_score_changes_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_score_changes_fact_id FOREIGN KEY(fact_id) REFERENCES score_facts (id), 
	CONSTRAINT ck_score_changes_changecause CHECK (cause IN ('added', 'corrected', 'undone', 'granted', 'refused')), 
	CONSTRAINT ck_score_changes_factkind CHECK (kind IN ('on_time', 'late', 'back_out_early', 'back_out_late', 'no_show', 'approved', 'rated'))
);;
CREATE INDEX ix_score_changes_fact_id ON score_changes (fact_id);;
CREATE INDEX ix_score_changes_technician_id_id ON score_changes (technician_id, id);;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON score_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();;
SELECT set_config('firstfix.actor', 'system', true);;
INSERT INTO trust_terms (base_points, base_weight, half_life_days, late_minutes, late_points, notice_hours, early_back_out_points, late_back_out_points, no_show_weight, stars_weight, answer_days, window_days, most_ahead, most_ahead_pct, reply_hours, approve_hours, refused_pct, cancelled_pct) VALUES (80, 5, 90, 15, 40, 24, 70, 10, 3, 10, 5, 28, 1.5, 20, 24, 48, 2, 5);;
