CREATE TABLE adapters (
	tenant VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	tool VARCHAR(64) NOT NULL, 
	secrets JSON NOT NULL, 
	rule JSON, 
	taxonomy JSON, 
	mapping JSON, 
	language VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_adapters PRIMARY KEY (id), 
	CONSTRAINT fk_adapters_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE api_keys (
	tenant VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	prefix VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	scopes JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	revoked_at DATETIME, 
	used_at DATETIME, 
	replaced_by VARCHAR(64), 
	CONSTRAINT pk_api_keys PRIMARY KEY (tenant, id), 
	CONSTRAINT fk_api_keys_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE, 
	CONSTRAINT uq_api_keys_prefix UNIQUE (prefix)
);
CREATE TABLE audit_drawn (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	sample VARCHAR(64) NOT NULL, 
	comment TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	unit TEXT NOT NULL, 
	probability FLOAT NOT NULL, 
	digest VARCHAR(64), 
	CONSTRAINT pk_audit_drawn PRIMARY KEY (tenant, project, sample, comment), 
	CONSTRAINT fk_audit_drawn_audit_samples FOREIGN KEY(tenant, project, sample) REFERENCES audit_samples (tenant, project, id) ON DELETE CASCADE
);
CREATE TABLE audit_labels (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	sample VARCHAR(64) NOT NULL, 
	comment TEXT NOT NULL, 
	labeller TEXT NOT NULL, 
	labels JSON NOT NULL, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_audit_labels PRIMARY KEY (tenant, project, sample, comment, labeller), 
	CONSTRAINT fk_audit_labels_audit_drawn FOREIGN KEY(tenant, project, sample, comment) REFERENCES audit_drawn (tenant, project, sample, comment) ON DELETE CASCADE
);
CREATE TABLE audit_log (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	project VARCHAR(64), 
	thing VARCHAR(64), 
	count BIGINT
);
CREATE TABLE audit_samples (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	facts JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_audit_samples PRIMARY KEY (tenant, project, id), 
	CONSTRAINT fk_audit_samples_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE TABLE comments (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	id TEXT NOT NULL, 
	customer TEXT, 
	text TEXT, 
	fields JSON NOT NULL, 
	date DATETIME, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT fk_comments_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE, 
	CONSTRAINT uq_comments_tenant_project_id UNIQUE (tenant, project, id)
);
CREATE TABLE corrections (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	comment TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	old JSON, 
	new JSON, 
	CONSTRAINT fk_corrections_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE TABLE "deliveries" (
	tenant VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	webhook VARCHAR(64) NOT NULL, 
	project VARCHAR(64), 
	event VARCHAR(64) NOT NULL, 
	quotes JSON NOT NULL, 
	state VARCHAR(64) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	status INTEGER, 
	created_at DATETIME NOT NULL, 
	body BLOB NOT NULL, 
	leased_until DATETIME, 
	began_at DATETIME, 
	problem TEXT, 
	CONSTRAINT pk_deliveries PRIMARY KEY (tenant, id), 
	CONSTRAINT fk_deliveries_webhooks FOREIGN KEY(tenant, webhook) REFERENCES webhooks (tenant, id) ON DELETE CASCADE
);
CREATE TABLE erasures (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	gone JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_erasures PRIMARY KEY (tenant, project, id), 
	CONSTRAINT fk_erasures_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE TABLE idempotency (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64), 
	"key" TEXT NOT NULL, 
	request VARCHAR(64) NOT NULL, 
	status INTEGER, 
	body BLOB, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_idempotency PRIMARY KEY (tenant, "key"), 
	CONSTRAINT fk_idempotency_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE, 
	CONSTRAINT fk_idempotency_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX ix_adapters_tenant_created_at ON adapters (tenant, created_at);
CREATE INDEX ix_audit_drawn_tenant_project_sample_position ON audit_drawn (tenant, project, sample, position);
CREATE INDEX ix_audit_log_tenant_seq ON audit_log (tenant, seq);
CREATE INDEX ix_comments_tenant_project_customer ON comments (tenant, project, customer);
CREATE INDEX ix_comments_tenant_project_seq ON comments (tenant, project, seq);
CREATE INDEX ix_corrections_tenant_project_comment ON corrections (tenant, project, comment);
CREATE INDEX ix_deliveries_state_due_at ON deliveries (state, due_at);
CREATE INDEX ix_deliveries_tenant_webhook_created_at ON deliveries (tenant, webhook, created_at);
CREATE INDEX ix_idempotency_expires_at ON idempotency (expires_at);
CREATE INDEX ix_jobs_state_due_at ON jobs (state, due_at);
CREATE INDEX ix_jobs_tenant_project_created_at ON jobs (tenant, project, created_at);
CREATE TABLE jobs (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64), 
	id VARCHAR(64) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	params JSON NOT NULL, 
	state VARCHAR(64) NOT NULL, 
	done BIGINT NOT NULL, 
	total BIGINT, 
	generation INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	most_attempts INTEGER NOT NULL, 
	cancel BOOLEAN NOT NULL, 
	lease_owner TEXT, 
	lease_until DATETIME, 
	result JSON, 
	error JSON, 
	due_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	finished_at DATETIME, 
	CONSTRAINT pk_jobs PRIMARY KEY (tenant, id), 
	CONSTRAINT fk_jobs_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE, 
	CONSTRAINT fk_jobs_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE models (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	path TEXT NOT NULL, 
	facts JSON NOT NULL, 
	stale BOOLEAN NOT NULL, 
	job VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_models PRIMARY KEY (tenant, project, id), 
	CONSTRAINT fk_models_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE TABLE projects (
	tenant VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	taxonomy JSON NOT NULL, 
	columns JSON NOT NULL, 
	retention_days INTEGER, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, model VARCHAR(64), 
	CONSTRAINT pk_projects PRIMARY KEY (tenant, id), 
	CONSTRAINT fk_projects_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE TABLE results (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	path TEXT NOT NULL, 
	facts JSON NOT NULL, 
	current BOOLEAN NOT NULL, 
	stale BOOLEAN NOT NULL, 
	job VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (tenant, project, kind, version), 
	CONSTRAINT fk_results_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE TABLE tenants (
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_tenants PRIMARY KEY (id)
);
CREATE TABLE "uploads" (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT, 
	received BIGINT NOT NULL, 
	sha256 VARCHAR(64), 
	state VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	purpose VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (tenant, project, id), 
	CONSTRAINT fk_uploads_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_results_one_current ON results (tenant, project, kind) WHERE current;
CREATE TABLE "webhooks" (
	tenant VARCHAR(64) NOT NULL, 
	project VARCHAR(64), 
	id VARCHAR(64) NOT NULL, 
	url TEXT NOT NULL, 
	events JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	secrets JSON NOT NULL, 
	form VARCHAR(64) NOT NULL, 
	language VARCHAR(64) NOT NULL, 
	with_text BOOLEAN NOT NULL, 
	disabled_at DATETIME, 
	disabled_reason TEXT, 
	CONSTRAINT pk_webhooks PRIMARY KEY (tenant, id), 
	CONSTRAINT fk_webhooks_tenants FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhooks_projects FOREIGN KEY(tenant, project) REFERENCES projects (tenant, id) ON DELETE CASCADE
);
