using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Companies;

/// <summary>One of the companies the demo serves: its invented people and what its systems are made of.</summary>
internal abstract class DemoCompany
{
    private IReadOnlyList<SyntheticPerson>? people;

    /// <summary>The controller's key in its data map.</summary>
    public abstract string Key { get; }

    /// <summary>IANA name; ends of retention are days of this zone.</summary>
    public abstract string TimeZone { get; }

    /// <summary>Who is in the stores, the plain ones first.</summary>
    public IReadOnlyList<SyntheticPerson> People => people ??= [.. Population.Everybody()];

    protected abstract Population Population { get; }

    public abstract IReadOnlyList<DemoStore> Stores(StorePlace place);

    public StorePlace Place(NpgsqlDataSource database, TimeProvider clock, DemoOptions options) =>
        new(database, clock, Key, TimeZoneInfo.FindSystemTimeZoneById(TimeZone), options);
}
