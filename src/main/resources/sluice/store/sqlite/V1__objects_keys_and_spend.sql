-- Times are microseconds since 1970-01-01 in UTC. STRICT makes a sum that passes 64 bits an error: SQLite would turn it
-- into a floating-point number, which such a column does not take. The lowest number is what an underflow rounds to.

CREATE TABLE objects (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    replaced_hash BLOB UNIQUE,
    replaced_until INTEGER,
    disabled INTEGER NOT NULL,
    expires_at INTEGER,
    team TEXT,
    customer TEXT,
    user_id TEXT,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX keys_of_a_team ON keys (team, id) WHERE team IS NOT NULL;
CREATE INDEX keys_of_a_customer ON keys (customer, id) WHERE customer IS NOT NULL;
CREATE INDEX keys_of_a_user ON keys (user_id, id) WHERE user_id IS NOT NULL;

-- One row, which every change of an object or a key takes first.
CREATE TABLE revision (
    single INTEGER NOT NULL PRIMARY KEY CHECK (single = 1),
    value INTEGER NOT NULL
) STRICT;

INSERT INTO revision (single, value) VALUES (1, 0);

-- Who changed what; no version means that it was removed.
CREATE TABLE changes (
    revision INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX changes_of_one ON changes (kind, id);

CREATE TABLE kept (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE journals (
    node TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    account TEXT NOT NULL,
    period INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > -9223372036854775808),
    PRIMARY KEY (account, period)
) STRICT, WITHOUT ROWID;

CREATE INDEX accounts_by_period ON accounts (period);

-- A roll-up has a row for each day and combination of dimensions, so names are kept once and meant by number.
CREATE TABLE names (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE spend (
    day INTEGER NOT NULL,
    key_name INTEGER NOT NULL,
    team_name INTEGER NOT NULL,
    customer_name INTEGER NOT NULL,
    user_name INTEGER NOT NULL,
    model_name INTEGER NOT NULL,
    target_name INTEGER NOT NULL,
    calls INTEGER NOT NULL CHECK (calls > -9223372036854775808),
    input_tokens INTEGER NOT NULL CHECK (input_tokens > -9223372036854775808),
    cached_tokens INTEGER NOT NULL CHECK (cached_tokens > -9223372036854775808),
    output_tokens INTEGER NOT NULL CHECK (output_tokens > -9223372036854775808),
    nano_dollars INTEGER NOT NULL CHECK (nano_dollars > -9223372036854775808),
    estimated INTEGER NOT NULL CHECK (estimated > -9223372036854775808),
    unpriced INTEGER NOT NULL CHECK (unpriced > -9223372036854775808),
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name, model_name, target_name)
) STRICT, WITHOUT ROWID;

-- The same with fewer dimensions, for the questions that are asked most.
CREATE TABLE spend_of_callers (
    day INTEGER NOT NULL,
    key_name INTEGER NOT NULL,
    team_name INTEGER NOT NULL,
    customer_name INTEGER NOT NULL,
    user_name INTEGER NOT NULL,
    calls INTEGER NOT NULL CHECK (calls > -9223372036854775808),
    input_tokens INTEGER NOT NULL CHECK (input_tokens > -9223372036854775808),
    cached_tokens INTEGER NOT NULL CHECK (cached_tokens > -9223372036854775808),
    output_tokens INTEGER NOT NULL CHECK (output_tokens > -9223372036854775808),
    nano_dollars INTEGER NOT NULL CHECK (nano_dollars > -9223372036854775808),
    estimated INTEGER NOT NULL CHECK (estimated > -9223372036854775808),
    unpriced INTEGER NOT NULL CHECK (unpriced > -9223372036854775808),
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE spend_of_callers_by_model (
    day INTEGER NOT NULL,
    key_name INTEGER NOT NULL,
    team_name INTEGER NOT NULL,
    customer_name INTEGER NOT NULL,
    user_name INTEGER NOT NULL,
    model_name INTEGER NOT NULL,
    calls INTEGER NOT NULL CHECK (calls > -9223372036854775808),
    input_tokens INTEGER NOT NULL CHECK (input_tokens > -9223372036854775808),
    cached_tokens INTEGER NOT NULL CHECK (cached_tokens > -9223372036854775808),
    output_tokens INTEGER NOT NULL CHECK (output_tokens > -9223372036854775808),
    nano_dollars INTEGER NOT NULL CHECK (nano_dollars > -9223372036854775808),
    estimated INTEGER NOT NULL CHECK (estimated > -9223372036854775808),
    unpriced INTEGER NOT NULL CHECK (unpriced > -9223372036854775808),
    PRIMARY KEY (day, key_name, team_name, customer_name, user_name, model_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE spend_of_teams (
    day INTEGER NOT NULL,
    team_name INTEGER NOT NULL,
    model_name INTEGER NOT NULL,
    target_name INTEGER NOT NULL,
    calls INTEGER NOT NULL CHECK (calls > -9223372036854775808),
    input_tokens INTEGER NOT NULL CHECK (input_tokens > -9223372036854775808),
    cached_tokens INTEGER NOT NULL CHECK (cached_tokens > -9223372036854775808),
    output_tokens INTEGER NOT NULL CHECK (output_tokens > -9223372036854775808),
    nano_dollars INTEGER NOT NULL CHECK (nano_dollars > -9223372036854775808),
    estimated INTEGER NOT NULL CHECK (estimated > -9223372036854775808),
    unpriced INTEGER NOT NULL CHECK (unpriced > -9223372036854775808),
    PRIMARY KEY (day, team_name, model_name, target_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE spend_of_customers (
    day INTEGER NOT NULL,
    customer_name INTEGER NOT NULL,
    model_name INTEGER NOT NULL,
    target_name INTEGER NOT NULL,
    calls INTEGER NOT NULL CHECK (calls > -9223372036854775808),
    input_tokens INTEGER NOT NULL CHECK (input_tokens > -9223372036854775808),
    cached_tokens INTEGER NOT NULL CHECK (cached_tokens > -9223372036854775808),
    output_tokens INTEGER NOT NULL CHECK (output_tokens > -9223372036854775808),
    nano_dollars INTEGER NOT NULL CHECK (nano_dollars > -9223372036854775808),
    estimated INTEGER NOT NULL CHECK (estimated > -9223372036854775808),
    unpriced INTEGER NOT NULL CHECK (unpriced > -9223372036854775808),
    PRIMARY KEY (day, customer_name, model_name, target_name)
) STRICT, WITHOUT ROWID;
