-- Bulletins in their versions, who approved and read which, what staff asked, what is still to be sent; and which alerts the public is shown.

CREATE TABLE "bulletins" (
    "id" BLOB NOT NULL CONSTRAINT "pk_bulletins" PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "published_version" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "published_at" INTEGER NULL,
    "ended_at" INTEGER NULL
);

CREATE TABLE "bulletin_versions" (
    "bulletin_id" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "title_fr" TEXT NULL,
    "title_en" TEXT NULL,
    "body_fr" TEXT NULL,
    "body_en" TEXT NULL,
    "summary_fr" TEXT NULL,
    "summary_en" TEXT NULL,
    "to_staff" INTEGER NOT NULL,
    "by_mail" INTEGER NOT NULL,
    "by_sms" INTEGER NOT NULL,
    "to_partners" INTEGER NOT NULL,
    "to_public" INTEGER NOT NULL,
    "reason" TEXT NULL,
    "author_id" BLOB NOT NULL,
    "author_name" TEXT NOT NULL,
    "written_at" INTEGER NOT NULL,
    "published_at" INTEGER NULL,
    "published_by_name" TEXT NULL,
    CONSTRAINT "pk_bulletin_versions" PRIMARY KEY ("bulletin_id", "version"),
    CONSTRAINT "fk_bulletin_versions_bulletins_bulletin_id" FOREIGN KEY ("bulletin_id") REFERENCES "bulletins" ("id") ON DELETE CASCADE
);

CREATE TABLE "bulletin_approvals" (
    "bulletin_id" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "person_id" BLOB NOT NULL,
    "person_name" TEXT NOT NULL,
    "approved_at" INTEGER NOT NULL,
    CONSTRAINT "pk_bulletin_approvals" PRIMARY KEY ("bulletin_id", "version", "person_id"),
    CONSTRAINT "fk_bulletin_approvals_bulletin_versions_bulletin_id_version" FOREIGN KEY ("bulletin_id", "version") REFERENCES "bulletin_versions" ("bulletin_id", "version") ON DELETE CASCADE
);

CREATE TABLE "bulletin_readings" (
    "bulletin_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "read_at" INTEGER NOT NULL,
    CONSTRAINT "pk_bulletin_readings" PRIMARY KEY ("bulletin_id", "person_id"),
    CONSTRAINT "fk_bulletin_readings_bulletins_bulletin_id" FOREIGN KEY ("bulletin_id") REFERENCES "bulletins" ("id") ON DELETE CASCADE
);

CREATE TABLE "bulletin_questions" (
    "id" BLOB NOT NULL CONSTRAINT "pk_bulletin_questions" PRIMARY KEY,
    "bulletin_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "person_name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "asked_at" INTEGER NOT NULL,
    "answer" TEXT NULL,
    "answered_by_name" TEXT NULL,
    "answered_at" INTEGER NULL,
    CONSTRAINT "fk_bulletin_questions_bulletins_bulletin_id" FOREIGN KEY ("bulletin_id") REFERENCES "bulletins" ("id") ON DELETE CASCADE
);

CREATE TABLE "bulletin_sendings" (
    "bulletin_id" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "through_person" BLOB NULL,
    "is_written" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_bulletin_sendings" PRIMARY KEY ("bulletin_id", "version"),
    CONSTRAINT "fk_bulletin_sendings_bulletin_versions_bulletin_id_version" FOREIGN KEY ("bulletin_id", "version") REFERENCES "bulletin_versions" ("bulletin_id", "version") ON DELETE CASCADE
);

CREATE TABLE "bulletin_deliveries" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_bulletin_deliveries" PRIMARY KEY AUTOINCREMENT,
    "bulletin_id" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "language" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "expires_at" INTEGER NOT NULL,
    CONSTRAINT "fk_bulletin_deliveries_bulletin_versions_bulletin_id_version" FOREIGN KEY ("bulletin_id", "version") REFERENCES "bulletin_versions" ("bulletin_id", "version") ON DELETE CASCADE
);

CREATE TABLE "public_alerts" (
    "alert_id" BLOB NOT NULL CONSTRAINT "pk_public_alerts" PRIMARY KEY,
    "category" TEXT NOT NULL,
    "urgency" TEXT NOT NULL,
    "certainty" TEXT NOT NULL,
    "area_fr" TEXT NULL,
    "area_en" TEXT NULL,
    "instruction_fr" TEXT NULL,
    "instruction_en" TEXT NULL,
    "decided_by_name" TEXT NOT NULL,
    "decided_at" INTEGER NOT NULL,
    CONSTRAINT "fk_public_alerts_alerts_alert_id" FOREIGN KEY ("alert_id") REFERENCES "alerts" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_bulletin_deliveries_bulletin_id_version" ON "bulletin_deliveries" ("bulletin_id", "version");

CREATE INDEX "ix_bulletin_deliveries_waiting" ON "bulletin_deliveries" ("due_at") WHERE state = 0;

CREATE INDEX "ix_bulletin_questions_bulletin_id_person_id" ON "bulletin_questions" ("bulletin_id", "person_id");

CREATE INDEX "ix_bulletin_readings_person_id" ON "bulletin_readings" ("person_id");

CREATE UNIQUE INDEX "ix_bulletins_number" ON "bulletins" ("number");
