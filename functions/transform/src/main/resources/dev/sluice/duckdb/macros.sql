-- What pipelines call instead of casts. Each takes an event and a path, gives NULL for what is absent
-- or has another shape, and never rounds, never overflows, never passes through a double.
-- In `event` numbers are strings of their digits, so a JSON number and a JSON string read alike.

-- json_value gives scalars only; ->> alone would give an object or an array as its JSON.
CREATE MACRO text(event, path) AS nullif(trim(json_value(event, path) ->> '$', e' \t\n\r'), '');

CREATE MACRO to_whole(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]{1,18}') THEN t::BIGINT END;
CREATE MACRO to_money(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]{1,16}(\.[0-9]{1,2})?') THEN t::DECIMAL(18, 2) END;
CREATE MACRO to_number(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?') THEN TRY_CAST(t AS DOUBLE) END;
CREATE MACRO to_flag(t) AS CASE t WHEN 'true' THEN true WHEN 'false' THEN false END;
CREATE MACRO to_day(t) AS CASE WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(t AS DATE) END;
CREATE MACRO to_instant(t) AS CASE WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})') THEN make_timestamp(epoch_us(TRY_CAST(t AS TIMESTAMPTZ))) END;

CREATE MACRO whole(event, path) AS to_whole(text(event, path));
CREATE MACRO money(event, path) AS to_money(text(event, path));
CREATE MACRO number(event, path) AS to_number(text(event, path));
CREATE MACRO flag(event, path) AS to_flag(text(event, path));
CREATE MACRO iso_day(event, path) AS to_day(text(event, path));
CREATE MACRO instant(event, path) AS to_instant(text(event, path));

-- For expectations: false when there is something that is not money, NULL when there is nothing.
CREATE MACRO is_money(event, path) AS regexp_full_match(text(event, path), '-?[0-9]{1,16}(\.[0-9]{1,2})?');
CREATE MACRO is_whole(event, path) AS regexp_full_match(text(event, path), '-?[0-9]{1,18}');

-- Money in another currency, rounded half away from zero to cents. The widest amount times the widest
-- rate fits.
CREATE MACRO convert_money(amount, rate) AS (amount::DECIMAL(36, 2) * rate)::DECIMAL(30, 2);
