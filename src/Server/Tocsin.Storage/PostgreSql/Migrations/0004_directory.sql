-- Who can be told and how they are reached: people, sites, nested groups, crisis functions, rotas, lists, contact points; and imports of them.

CREATE TABLE functions (
    id uuid NOT NULL,
    name_fr text,
    name_en text,
    name_key text COLLATE "C" NOT NULL,
    description text,
    source text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_functions PRIMARY KEY (id)
);

CREATE TABLE groups (
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text,
    external_id text,
    source text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_groups PRIMARY KEY (id)
);

CREATE TABLE lists (
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_lists PRIMARY KEY (id)
);

CREATE TABLE people_imports (
    id uuid NOT NULL,
    state text NOT NULL,
    file_name text NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    full_list boolean NOT NULL,
    most_removed_percent integer NOT NULL,
    country text NOT NULL,
    format text,
    lines integer NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    removed integer NOT NULL,
    refused integer NOT NULL,
    error_code text,
    error_line integer,
    lease_until bigint,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_people_imports PRIMARY KEY (id)
);

CREATE TABLE person_words (
    word text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT pk_person_words PRIMARY KEY (word, person_id)
);

CREATE TABLE rotas (
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    definition text NOT NULL,
    version integer NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_rotas PRIMARY KEY (id)
);

CREATE TABLE sites (
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    postal_address text,
    external_id text,
    source text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_sites PRIMARY KEY (id)
);

CREATE TABLE group_subgroups (
    parent_id uuid NOT NULL,
    child_id uuid NOT NULL,
    CONSTRAINT pk_group_subgroups PRIMARY KEY (parent_id, child_id),
    CONSTRAINT fk_group_subgroups_groups_child_id FOREIGN KEY (child_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT fk_group_subgroups_groups_parent_id FOREIGN KEY (parent_id) REFERENCES groups (id) ON DELETE CASCADE
);

CREATE TABLE people_import_lines (
    import_id uuid NOT NULL,
    line integer NOT NULL,
    action text NOT NULL,
    person_id uuid,
    name text NOT NULL,
    content text NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT pk_people_import_lines PRIMARY KEY (import_id, line),
    CONSTRAINT fk_people_import_lines_people_imports_import_id FOREIGN KEY (import_id) REFERENCES people_imports (id) ON DELETE CASCADE
);

CREATE TABLE people (
    id uuid NOT NULL,
    external_id text,
    given_name text NOT NULL,
    family_name text NOT NULL,
    display_name text NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    language text NOT NULL,
    site_id uuid,
    job_title text,
    active boolean NOT NULL,
    source text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (id),
    CONSTRAINT fk_people_sites_site_id FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE RESTRICT
);

CREATE TABLE contact_points (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    channel_data text,
    rank integer NOT NULL,
    label text,
    quiet_from_minute integer,
    quiet_until_minute integer,
    quiet_time_zone text,
    verified_at bigint,
    enabled boolean NOT NULL,
    source text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_contact_points PRIMARY KEY (id),
    CONSTRAINT fk_contact_points_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE TABLE function_holders (
    function_id uuid NOT NULL,
    person_id uuid NOT NULL,
    rank integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT pk_function_holders PRIMARY KEY (function_id, person_id),
    CONSTRAINT fk_function_holders_functions_function_id FOREIGN KEY (function_id) REFERENCES functions (id) ON DELETE CASCADE,
    CONSTRAINT fk_function_holders_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE TABLE group_members (
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    source text NOT NULL,
    CONSTRAINT pk_group_members PRIMARY KEY (group_id, person_id),
    CONSTRAINT fk_group_members_groups_group_id FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT fk_group_members_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE TABLE list_members (
    list_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT pk_list_members PRIMARY KEY (list_id, person_id),
    CONSTRAINT fk_list_members_lists_list_id FOREIGN KEY (list_id) REFERENCES lists (id) ON DELETE CASCADE,
    CONSTRAINT fk_list_members_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE TABLE person_preferences (
    person_id uuid NOT NULL,
    channels text NOT NULL,
    CONSTRAINT pk_person_preferences PRIMARY KEY (person_id),
    CONSTRAINT fk_person_preferences_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE INDEX ix_contact_points_address ON contact_points (address);

CREATE INDEX ix_contact_points_person_id_rank ON contact_points (person_id, rank);

CREATE INDEX ix_function_holders_person_id ON function_holders (person_id);

CREATE UNIQUE INDEX ix_functions_name_key ON functions (name_key);

CREATE INDEX ix_group_members_person_id ON group_members (person_id);

CREATE INDEX ix_group_subgroups_child_id ON group_subgroups (child_id);

CREATE UNIQUE INDEX ix_groups_external_id ON groups (external_id);

CREATE UNIQUE INDEX ix_groups_name_key ON groups (name_key);

CREATE INDEX ix_list_members_person_id ON list_members (person_id);

CREATE UNIQUE INDEX ix_lists_name_key ON lists (name_key);

CREATE INDEX ix_people_active_sort_key_id ON people (active, sort_key, id);

CREATE UNIQUE INDEX ix_people_external_id ON people (external_id);

CREATE INDEX ix_people_site_id_active_sort_key_id ON people (site_id, active, sort_key, id);

CREATE INDEX ix_people_import_lines_import_id_action_line ON people_import_lines (import_id, action, line);

CREATE INDEX ix_people_imports_state ON people_imports (state);

CREATE UNIQUE INDEX ix_rotas_name_key ON rotas (name_key);

CREATE UNIQUE INDEX ix_sites_external_id ON sites (external_id);

CREATE UNIQUE INDEX ix_sites_name_key ON sites (name_key);
