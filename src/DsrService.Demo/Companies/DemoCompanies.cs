using DsrService.Demo.DjMixerSoft;
using DsrService.Demo.EMastered;
using DsrService.Demo.People;
using DsrService.Demo.SoundSpectrum;
using DsrService.Demo.SourceElements;
using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using Npgsql;

namespace DsrService.Demo.Companies;

/// <summary>All companies of the demo, and all their stores.</summary>
internal static class DemoCompanies
{
    public static IReadOnlyList<DemoCompany> All { get; } =
    [
        new ToontrackCompany(), new SourceElementsCompany(), new DjMixerSoftCompany(), new SoundSpectrumCompany(), new EMasteredCompany(),
    ];

    public static DemoCompany? Find(string key) => All.FirstOrDefault(company => company.Key == key);

    /// <summary>Those named, or all if none is.</summary>
    public static IEnumerable<DemoCompany> Named(IReadOnlyCollection<string> keys) =>
        All.Where(company => keys.Count == 0 || keys.Contains(company.Key));

    public static IReadOnlyList<DemoStore> Stores(DemoOptions options, NpgsqlDataSource database, TimeProvider clock) =>
        [.. Named(options.Companies).SelectMany(company => company.Stores(company.Place(database, clock, options)))];

    /// <summary>Lays the stores and fills those that are new, the companies side by side.</summary>
    public static Task Lay(IEnumerable<DemoStore> stores, DateTimeOffset now, int manyRows, CancellationToken cancel) =>
        Parallel.ForEachAsync(stores.GroupBy(store => store.Controller), cancel, async (company, stop) =>
        {
            var cast = new Cast(Find(company.Key)!.People, now, manyRows);
            foreach (var store in company)
                await StoreTables.Lay(store, cast, stop);
        });

    /// <summary>Adds the many rows of the one person who has them, store by store.</summary>
    public static async Task FillUp(IEnumerable<DemoStore> stores, DateTimeOffset now, int manyRows, CancellationToken cancel)
    {
        foreach (var company in stores.Where(store => store.Categories.Any(category => category.ManyRows is not null)).GroupBy(store => store.Controller))
        {
            var cast = new Cast(Find(company.Key)!.People, now, manyRows);
            foreach (var store in company)
                await StoreTables.FillUp(store, cast, cancel);
        }
    }
}
