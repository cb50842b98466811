-- Times are microseconds since 1970-01-01 in UTC. Texts compare as their bytes do, on every server.

CREATE TABLE objects (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    document text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE keys (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    replaced_hash bytea UNIQUE,
    replaced_until bigint,
    disabled integer NOT NULL,
    expires_at bigint,
    team text COLLATE "C",
    customer text COLLATE "C",
    user_id text COLLATE "C",
    document text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL
);

-- Two long names would not fit into one row of an index.
CREATE INDEX keys_of_a_team ON keys (team) WHERE team IS NOT NULL;
CREATE INDEX keys_of_a_customer ON keys (customer) WHERE customer IS NOT NULL;
CREATE INDEX keys_of_a_user ON keys (user_id) WHERE user_id IS NOT NULL;

-- One row, which every change of an object or a key takes first.
CREATE TABLE revision (
    single integer NOT NULL PRIMARY KEY CHECK (single = 1),
    value bigint NOT NULL
);

INSERT INTO revision (single, value) VALUES (1, 0);

-- Who changed what; no version means that it was removed.
CREATE TABLE changes (
    revision bigint NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint,
    changed_by text NOT NULL,
    changed_at bigint NOT NULL
);

CREATE INDEX changes_of_one ON changes (kind, id);

CREATE TABLE kept (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE journals (
    node text COLLATE "C" NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);

CREATE TABLE accounts (
    account text COLLATE "C" NOT NULL,
    period bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > -9223372036854775808),
    PRIMARY KEY (account, period)
);

CREATE INDEX accounts_by_period ON accounts (period);

-- A roll-up has a row for each day and combination of dimensions, so names are kept once and meant by number.
CREATE TABLE names (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE spend (
    day bigint NOT NULL,
    key_name integer NOT NULL,
    team_name integer NOT NULL,
    customer_name integer NOT NULL,
    user_name integer NOT NULL,
    model_name integer NOT NULL,
    target_name integer NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    nano_dollars bigint NOT NULL,
    estimated bigint NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name, model_name, target_name)
);

-- The same with fewer dimensions, for the questions that are asked most.
CREATE TABLE spend_of_callers (
    day bigint NOT NULL,
    key_name integer NOT NULL,
    team_name integer NOT NULL,
    customer_name integer NOT NULL,
    user_name integer NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    nano_dollars bigint NOT NULL,
    estimated bigint NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name)
);

CREATE TABLE spend_of_callers_by_model (
    day bigint NOT NULL,
    key_name integer NOT NULL,
    team_name integer NOT NULL,
    customer_name integer NOT NULL,
    user_name integer NOT NULL,
    model_name integer NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    nano_dollars bigint NOT NULL,
    estimated bigint NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name, model_name)
);

CREATE TABLE spend_of_teams (
    day bigint NOT NULL,
    team_name integer NOT NULL,
    model_name integer NOT NULL,
    target_name integer NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    nano_dollars bigint NOT NULL,
    estimated bigint NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (day, team_name, model_name, target_name)
);

CREATE TABLE spend_of_customers (
    day bigint NOT NULL,
    customer_name integer NOT NULL,
    model_name integer NOT NULL,
    target_name integer NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    nano_dollars bigint NOT NULL,
    estimated bigint NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (day, customer_name, model_name, target_name)
);
