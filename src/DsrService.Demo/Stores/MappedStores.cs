using DsrService.Connectors.Sql;

namespace DsrService.Demo.Stores;

/// <summary>Stores at which the service works by a mapping. No program of theirs could behave as told, so their database does:
/// whoever begins a task there is let wait or turned away, and a change is thrown away unsaid. Down, silent and refusing come
/// out of it as attempts that fail; a lie is found out at once, by counting what was changed.</summary>
internal static class MappedStores
{
    private const string Ledger = "dsr_ledger";

    public static string Tables(DemoStore store) => $"""
        {SqlLedger.Definition($"{store.Schema}.{Ledger}")}
        create or replace function {store.Schema}.begin_as_told() returns trigger language plpgsql as $$
        begin
            case coalesce(demo.told('{store.Controller}', '{store.Key}'), 'normal')
                when 'down' then raise exception 'down' using errcode = 'cannot_connect_now';
                when 'refuses' then raise exception 'refused' using errcode = 'insufficient_privilege';
                when 'slow' then perform pg_sleep(tg_argv[0]::double precision);
                when 'silent' then perform pg_sleep(86400);
                else null;
            end case;
            return new;
        end $$;
        create or replace function {store.Schema}.change_as_told() returns trigger language plpgsql as $$
        begin
            if demo.told('{store.Controller}', '{store.Key}') = 'lies' then return null; end if;
            return case tg_op when 'DELETE' then old else new end;
        end $$;
        """;

    public static string Behaves(DemoStore store) =>
        FormattableString.Invariant($"create or replace trigger begin_as_told before insert on {store.Schema}.{Ledger} for each row when (new.entry = 'begun') execute function {store.Schema}.begin_as_told('{store.SlowFor.TotalSeconds}');\n")
        + string.Concat(store.Categories.Select(category =>
            $"create or replace trigger change_as_told before update or delete on {store.Schema}.{category.Table} for each row execute function {store.Schema}.change_as_told();\n"));
}
