using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>All of toontrack's stores, and the people in them.</summary>
internal static class ToontrackStores
{
    public static IReadOnlyList<DemoStore> All(NpgsqlDataSource database, TimeProvider clock) =>
    [
        new WebshopStore(database, clock), new ProductRegistrationStore(database, clock), new SupportForumStore(database, clock),
        new CustomerSurveyStore(database, clock), new ServiceLogStore(database, clock), new NewsletterStore(database, clock),
        new RemarketingPartnerStore(database, clock), new FulfilmentVendorStore(database, clock), new AddressUpdatesStore(database, clock),
    ];

    public static async Task Lay(IEnumerable<DemoStore> stores, DateTimeOffset now, int manyRows, CancellationToken cancel)
    {
        var cast = new Cast(ToontrackPeople.All, now, manyRows);
        foreach (var store in stores)
            await StoreTables.Lay(store, cast, cancel);
    }
}
