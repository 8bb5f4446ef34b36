-- Alerts: what is prepared, what was raised, who is told by which messages, and what they answered.
-- An enumeration is stored as its number (see the entities); an index whose name ends in _partial holds only the rows that are looked for.

CREATE TABLE "scenarios" (
    "id" BLOB NOT NULL CONSTRAINT "pk_scenarios" PRIMARY KEY,
    "key" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition" TEXT NOT NULL,
    "enabled" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "alerts" (
    "id" BLOB NOT NULL CONSTRAINT "pk_alerts" PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "mode" INTEGER NOT NULL,
    "severity" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "draft" TEXT NOT NULL,
    "scenario_id" BLOB NULL,
    "raised_by" TEXT NOT NULL,
    "raised_by_name" TEXT NOT NULL,
    "raised_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    "audience_count" INTEGER NOT NULL,
    "last_wave" INTEGER NOT NULL,
    "idempotency_key" TEXT NULL
);

CREATE TABLE "alert_messages" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_alert_messages" PRIMARY KEY AUTOINCREMENT,
    "alert_id" BLOB NOT NULL,
    "revision" INTEGER NOT NULL,
    "purpose" INTEGER NOT NULL,
    "severity" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "alert_audience_chunks" (
    "alert_id" BLOB NOT NULL,
    "wave" INTEGER NOT NULL,
    "chunk_number" INTEGER NOT NULL,
    "person_ids" BLOB NOT NULL,
    CONSTRAINT "pk_alert_audience_chunks" PRIMARY KEY ("alert_id", "wave", "chunk_number")
);

CREATE TABLE "recipients" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_recipients" PRIMARY KEY AUTOINCREMENT,
    "alert_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "wave" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "language" INTEGER NOT NULL,
    "site_id" BLOB NULL,
    "standing" INTEGER NOT NULL,
    "unreachable" INTEGER NULL,
    "answer_choice" TEXT NULL,
    "answered_at" INTEGER NULL,
    "answered_via" INTEGER NULL,
    "has_unread_reply" INTEGER NOT NULL,
    "link_generation" INTEGER NOT NULL
);

CREATE TABLE "deliveries" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_deliveries" PRIMARY KEY AUTOINCREMENT,
    "alert_id" BLOB NOT NULL,
    "recipient_id" INTEGER NOT NULL,
    "message_id" INTEGER NOT NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "state_at" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "lease_owner" INTEGER NULL,
    "step" INTEGER NOT NULL,
    "condition" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "provider_id" TEXT NULL,
    "provider_message_id" TEXT NULL,
    "failure_code" TEXT NULL,
    "carrier_code" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "accepted_at" INTEGER NULL,
    "delivered_at" INTEGER NULL,
    "read_at" INTEGER NULL
);

CREATE TABLE "delivery_attempts" (
    "delivery_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "result" INTEGER NOT NULL,
    "failure_code" TEXT NOT NULL,
    "carrier_code" TEXT NULL,
    CONSTRAINT "pk_delivery_attempts" PRIMARY KEY ("delivery_id", "attempt")
);

CREATE TABLE "answers" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_answers" PRIMARY KEY AUTOINCREMENT,
    "alert_id" BLOB NOT NULL,
    "recipient_id" INTEGER NOT NULL,
    "choice" TEXT NULL,
    "comment" TEXT NULL,
    "latitude" REAL NULL,
    "longitude" REAL NULL,
    "accuracy_metres" REAL NULL,
    "via" INTEGER NOT NULL,
    "entered_by" TEXT NULL,
    "at" INTEGER NOT NULL,
    "received_at" INTEGER NOT NULL,
    "deduplication_key" TEXT NOT NULL
);

CREATE TABLE "stray_replies" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_stray_replies" PRIMARY KEY AUTOINCREMENT,
    "channel" INTEGER NOT NULL,
    "sender" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "received_at" INTEGER NOT NULL,
    "deduplication_key" TEXT NOT NULL
);

CREATE TABLE "alert_timers" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_alert_timers" PRIMARY KEY AUTOINCREMENT,
    "alert_id" BLOB NOT NULL,
    "kind" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "lease_owner" INTEGER NULL,
    "cursor" INTEGER NOT NULL,
    "payload" TEXT NOT NULL
);

CREATE TABLE "alert_counts" (
    "alert_id" BLOB NOT NULL,
    "kind" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "pk_alert_counts" PRIMARY KEY ("alert_id", "kind", "key")
);

CREATE TABLE "unmatched_receipts" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_unmatched_receipts" PRIMARY KEY AUTOINCREMENT,
    "channel" INTEGER NOT NULL,
    "provider_id" TEXT NOT NULL,
    "provider_message_id" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "carrier_code" TEXT NULL,
    "at" INTEGER NOT NULL,
    "received_at" INTEGER NOT NULL
);

CREATE TABLE "nodes" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_nodes" PRIMARY KEY AUTOINCREMENT,
    "started_at" INTEGER NOT NULL,
    "heartbeat_at" INTEGER NOT NULL
);

CREATE INDEX "ix_alert_messages_alert_id" ON "alert_messages" ("alert_id");

CREATE INDEX "ix_alert_timers_alert_id" ON "alert_timers" ("alert_id");

CREATE INDEX "ix_alert_timers_due_at" ON "alert_timers" ("due_at");

CREATE UNIQUE INDEX "ix_alerts_number" ON "alerts" ("number");

CREATE UNIQUE INDEX "ix_alerts_raised_by_idempotency_key" ON "alerts" ("raised_by", "idempotency_key") WHERE idempotency_key IS NOT NULL;

CREATE INDEX "ix_alerts_state_number" ON "alerts" ("state", "number");

CREATE UNIQUE INDEX "ix_answers_recipient_id_deduplication_key" ON "answers" ("recipient_id", "deduplication_key");

CREATE INDEX "ix_deliveries_due_partial" ON "deliveries" ("channel", "priority", "due_at") WHERE state <= 1;

CREATE INDEX "ix_deliveries_provider_partial" ON "deliveries" ("provider_id", "provider_message_id") WHERE provider_message_id IS NOT NULL;

CREATE INDEX "ix_deliveries_recipient_id" ON "deliveries" ("recipient_id");

CREATE INDEX "ix_recipients_alert_id_standing_id" ON "recipients" ("alert_id", "standing", "id");

CREATE UNIQUE INDEX "ix_recipients_person_id_alert_id" ON "recipients" ("person_id", "alert_id");

CREATE UNIQUE INDEX "ix_scenarios_key" ON "scenarios" ("key");

CREATE UNIQUE INDEX "ix_stray_replies_deduplication_key" ON "stray_replies" ("deduplication_key");

CREATE INDEX "ix_unmatched_receipts_provider_id_provider_message_id" ON "unmatched_receipts" ("provider_id", "provider_message_id");

CREATE INDEX "ix_unmatched_receipts_received_at" ON "unmatched_receipts" ("received_at");
