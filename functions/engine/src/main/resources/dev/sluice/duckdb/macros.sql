-- The macros that pipelines use instead of casts. Each takes an event and a path, and returns NULL if the value
-- is absent or is not of the type. None rounds or overflows, and only `number` uses a double.
-- In `event`, admission has trimmed strings, replaced blank strings by null, and written numbers as strings of
-- their digits, so a JSON number and a JSON string with the same digits have the same value.

-- Parses the event for one value. The operator ->> alone would return objects and arrays as JSON.
CREATE MACRO text(event, path) AS CASE WHEN json_valid(event) THEN json_value(event, path) ->> '$' END;

-- Parses the event once for several values: a struct in the shape of the example, as in from_json. Declare the
-- values as VARCHAR and convert them with the macros below.
CREATE MACRO fields(event, shape) AS CASE WHEN json_valid(event) THEN from_json(event, shape) END;

CREATE MACRO to_whole(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]{1,19}') THEN TRY_CAST(t AS BIGINT) END;
CREATE MACRO to_money(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]{1,16}(\.[0-9]{1,2})?') THEN TRY_CAST(t AS DECIMAL(18, 2)) END;
CREATE MACRO to_number(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?') AND isfinite(TRY_CAST(t AS DOUBLE)) THEN TRY_CAST(t AS DOUBLE) END;
CREATE MACRO to_flag(t) AS CASE t WHEN 'true' THEN true WHEN 'false' THEN false END;
CREATE MACRO to_day(t) AS CASE WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND NOT starts_with(t, '0000') THEN TRY_CAST(t AS DATE) END;

-- The grammar of dev.sluice.field.Instants. The cast rounds the seventh digit of a fraction, so it is cut off.
CREATE MACRO to_instant(t) AS CASE
  WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?([Zz]|[+-](0[0-9]|1[0-7]):[0-5][0-9]|[+-]18:00)')
  THEN list_filter(
    [make_timestamp(epoch_us(TRY_CAST(
      regexp_replace(regexp_replace(upper(t), 'T([0-9:]{5})(Z|[+-])', 'T\1:00\2'), '(\.[0-9]{6})[0-9]+', '\1')
      AS TIMESTAMPTZ)))],
    lambda utc: year(utc) BETWEEN 1 AND 9999)[1] END;

CREATE MACRO whole(event, path) AS to_whole(text(event, path));
CREATE MACRO money(event, path) AS to_money(text(event, path));
CREATE MACRO number(event, path) AS to_number(text(event, path));
CREATE MACRO flag(event, path) AS to_flag(text(event, path));
CREATE MACRO iso_day(event, path) AS to_day(text(event, path));
CREATE MACRO instant(event, path) AS to_instant(text(event, path));

-- For expectations: false if the value is not money, NULL if there is no value.
CREATE MACRO is_money(event, path) AS CASE WHEN text(event, path) IS NOT NULL THEN money(event, path) IS NOT NULL END;
CREATE MACRO is_whole(event, path) AS CASE WHEN text(event, path) IS NOT NULL THEN whole(event, path) IS NOT NULL END;

-- The exact product, rounded half away from zero to cents; NULL if it does not fit DECIMAL(30, 2). Nearly all products
-- fit 18-digit decimals, which cost a fifth of 38-digit decimals. Products that fit neither are computed from BIGINTs of
-- eight digits, least significant first. TRY returns NULL for a comparison or product that overflows.
CREATE MACRO convert_money(amount, rate) AS CASE
  WHEN TRY(TRY_CAST(amount AS DECIMAL(9, 2)) = amount AND TRY_CAST(rate AS DECIMAL(9, 6)) = rate)
    THEN (TRY_CAST(amount AS DECIMAL(9, 2)) * TRY_CAST(rate AS DECIMAL(9, 6)))::DECIMAL(30, 2)
  WHEN amount IS NOT NULL AND rate IS NOT NULL THEN coalesce(
    TRY(CASE WHEN TRY_CAST(amount AS DECIMAL(38, 4)) = amount AND TRY_CAST(rate AS DECIMAL(38, 10)) = rate
      THEN (TRY_CAST(amount AS DECIMAL(38, 4)) * TRY_CAST(rate AS DECIMAL(38, 10)))::DECIMAL(30, 2) END),
    TRY(((left(
        list_transform(
          [list_transform([abs(amount)::VARCHAR, abs(rate)::VARCHAR], lambda t:
            CASE WHEN regexp_full_match(t, '[0-9.]+') THEN list_transform(range(81, 0, -8), lambda i:
              TRY_CAST(substr(lpad(replace(t, '.', ''), 56, '0'), i, 8) AS BIGINT)) END)],
          lambda f: list_reduce(
            list_transform(range(11), lambda k: {
              digits: '',
              rest: list_sum(list_transform(range(5, 10), lambda i: f[1][i] * f[2][k - i + 10]))::BIGINT}),
            lambda low, next: {
              digits: lpad((low.rest % 100000000)::VARCHAR, 8, '0') || low.digits,
              rest: next.rest + low.rest // 100000000}).digits)[1] || '000',
        83 - length(split_part(abs(amount)::VARCHAR, '.', 2)) - length(split_part(abs(rate)::VARCHAR, '.', 2))
      )::HUGEINT + 5) // 10 * sign(amount) * sign(rate))::DECIMAL(30, 0) * 0.01)::DECIMAL(30, 2)) END;
