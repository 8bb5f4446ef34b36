-- Who can be told and how they are reached: people, sites, nested groups, crisis functions, rotas, lists, contact points; and imports of them.
-- Tables whose key is all there is to them are WITHOUT ROWID: a row is kept once, in key order, instead of in a table and in an index.

CREATE TABLE "functions" (
    "id" BLOB NOT NULL CONSTRAINT "pk_functions" PRIMARY KEY,
    "name_fr" TEXT NULL,
    "name_en" TEXT NULL,
    "name_key" TEXT NOT NULL,
    "description" TEXT NULL,
    "source" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "groups" (
    "id" BLOB NOT NULL CONSTRAINT "pk_groups" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "description" TEXT NULL,
    "external_id" TEXT NULL,
    "source" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "lists" (
    "id" BLOB NOT NULL CONSTRAINT "pk_lists" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "description" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "people_imports" (
    "id" BLOB NOT NULL CONSTRAINT "pk_people_imports" PRIMARY KEY,
    "state" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "full_list" INTEGER NOT NULL,
    "most_removed_percent" INTEGER NOT NULL,
    "country" TEXT NOT NULL,
    "format" TEXT NULL,
    "lines" INTEGER NOT NULL,
    "added" INTEGER NOT NULL,
    "changed" INTEGER NOT NULL,
    "unchanged" INTEGER NOT NULL,
    "removed" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "error_code" TEXT NULL,
    "error_line" INTEGER NULL,
    "lease_until" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "person_words" (
    "word" TEXT NOT NULL,
    "person_id" BLOB NOT NULL,
    CONSTRAINT "pk_person_words" PRIMARY KEY ("word", "person_id")
) WITHOUT ROWID;

CREATE TABLE "rotas" (
    "id" BLOB NOT NULL CONSTRAINT "pk_rotas" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "sites" (
    "id" BLOB NOT NULL CONSTRAINT "pk_sites" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "postal_address" TEXT NULL,
    "external_id" TEXT NULL,
    "source" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE TABLE "group_subgroups" (
    "parent_id" BLOB NOT NULL,
    "child_id" BLOB NOT NULL,
    CONSTRAINT "pk_group_subgroups" PRIMARY KEY ("parent_id", "child_id"),
    CONSTRAINT "fk_group_subgroups_groups_child_id" FOREIGN KEY ("child_id") REFERENCES "groups" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_group_subgroups_groups_parent_id" FOREIGN KEY ("parent_id") REFERENCES "groups" ("id") ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE "people_import_lines" (
    "import_id" BLOB NOT NULL,
    "line" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "person_id" BLOB NULL,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    CONSTRAINT "pk_people_import_lines" PRIMARY KEY ("import_id", "line"),
    CONSTRAINT "fk_people_import_lines_people_imports_import_id" FOREIGN KEY ("import_id") REFERENCES "people_imports" ("id") ON DELETE CASCADE
);

CREATE TABLE "people" (
    "id" BLOB NOT NULL CONSTRAINT "pk_people" PRIMARY KEY,
    "external_id" TEXT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "sort_key" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "site_id" BLOB NULL,
    "job_title" TEXT NULL,
    "active" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL,
    CONSTRAINT "fk_people_sites_site_id" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON DELETE RESTRICT
);

CREATE TABLE "contact_points" (
    "id" BLOB NOT NULL CONSTRAINT "pk_contact_points" PRIMARY KEY,
    "person_id" BLOB NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "channel_data" TEXT NULL,
    "rank" INTEGER NOT NULL,
    "label" TEXT NULL,
    "quiet_from_minute" INTEGER NULL,
    "quiet_until_minute" INTEGER NULL,
    "quiet_time_zone" TEXT NULL,
    "verified_at" INTEGER NULL,
    "enabled" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL,
    CONSTRAINT "fk_contact_points_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

CREATE TABLE "function_holders" (
    "function_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "rank" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    CONSTRAINT "pk_function_holders" PRIMARY KEY ("function_id", "person_id"),
    CONSTRAINT "fk_function_holders_functions_function_id" FOREIGN KEY ("function_id") REFERENCES "functions" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_function_holders_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
) WITHOUT ROWID;

CREATE TABLE "group_members" (
    "group_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "source" TEXT NOT NULL,
    CONSTRAINT "pk_group_members" PRIMARY KEY ("group_id", "person_id"),
    CONSTRAINT "fk_group_members_groups_group_id" FOREIGN KEY ("group_id") REFERENCES "groups" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_group_members_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
) WITHOUT ROWID;

CREATE TABLE "list_members" (
    "list_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    CONSTRAINT "pk_list_members" PRIMARY KEY ("list_id", "person_id"),
    CONSTRAINT "fk_list_members_lists_list_id" FOREIGN KEY ("list_id") REFERENCES "lists" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_list_members_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
) WITHOUT ROWID;

CREATE TABLE "person_preferences" (
    "person_id" BLOB NOT NULL CONSTRAINT "pk_person_preferences" PRIMARY KEY,
    "channels" TEXT NOT NULL,
    CONSTRAINT "fk_person_preferences_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

CREATE INDEX "ix_contact_points_address" ON "contact_points" ("address");

CREATE INDEX "ix_contact_points_person_id_rank" ON "contact_points" ("person_id", "rank");

CREATE INDEX "ix_function_holders_person_id" ON "function_holders" ("person_id");

CREATE UNIQUE INDEX "ix_functions_name_key" ON "functions" ("name_key");

CREATE INDEX "ix_group_members_person_id" ON "group_members" ("person_id");

CREATE INDEX "ix_group_subgroups_child_id" ON "group_subgroups" ("child_id");

CREATE UNIQUE INDEX "ix_groups_external_id" ON "groups" ("external_id");

CREATE UNIQUE INDEX "ix_groups_name_key" ON "groups" ("name_key");

CREATE INDEX "ix_list_members_person_id" ON "list_members" ("person_id");

CREATE UNIQUE INDEX "ix_lists_name_key" ON "lists" ("name_key");

CREATE INDEX "ix_people_active_sort_key_id" ON "people" ("active", "sort_key", "id");

CREATE UNIQUE INDEX "ix_people_external_id" ON "people" ("external_id");

CREATE INDEX "ix_people_site_id_active_sort_key_id" ON "people" ("site_id", "active", "sort_key", "id");

CREATE INDEX "ix_people_import_lines_import_id_action_line" ON "people_import_lines" ("import_id", "action", "line");

CREATE INDEX "ix_people_imports_state" ON "people_imports" ("state");

CREATE UNIQUE INDEX "ix_rotas_name_key" ON "rotas" ("name_key");

CREATE UNIQUE INDEX "ix_sites_external_id" ON "sites" ("external_id");

CREATE UNIQUE INDEX "ix_sites_name_key" ON "sites" ("name_key");
