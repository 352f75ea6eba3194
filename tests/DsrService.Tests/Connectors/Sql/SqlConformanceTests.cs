using System.Collections.Concurrent;
using DsrService.Sdk;
using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.Sql;

/// <summary>The one suite of every binding, over a mapping: each task is worked at a company's own Postgres, as the service does it.</summary>
internal sealed class SqlConformanceTests
{
    private ShopDatabase shop = null!;

    [SetUp]
    public async Task StartAsync() => shop = await ShopDatabase.StartAsync();

    [TearDown]
    public async Task StopAsync() => await shop.DisposeAsync();

    [Test]
    public async Task Run_MappingOfFiveCategories_Holds()
    {
        var findings = await RunAsync();

        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => $"{finding.Check}: {finding.Reason}"), Is.Empty);
        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.NotTried).Select(finding => $"{finding.Check}: {finding.Reason}"),
            Is.EqualTo(new[] { "what it does not declare, it does not claim to have done: it declares every action" }));
    }

    [Test]
    public async Task Run_DatabaseThatBringsBackWhatWasErased_IsFound()
    {
        await shop.RunAsync("""
            create function shop.bring_back() returns trigger language plpgsql as $$
            begin insert into shop.customer (id, email, name) values (gen_random_uuid(), old.email, old.name); return null; end $$;
            create trigger bring_back after delete on shop.customer for each row execute function shop.bring_back();
            """);

        Assert.That((await RunAsync()).Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check),
            Does.Contain("asked again, it finds nothing but what it kept").And.Contain("in the end it finds nothing"));
    }

    private async Task<List<ConformanceFinding>> RunAsync()
    {
        var mapped = ShopDatabase.DataMap.System("shop");
        var target = new ConformanceTarget
        {
            Controller = "acme",
            System = "shop",
            Capabilities = new() { Actions = [.. mapped.Actions], Needs = [.. mapped.Needs], Gives = [.. mapped.Gives], CanPreview = true, CanBeAskedAgain = true },
            // The one that is kept comes second: the run has it kept, and erased by its handle.
            Categories = ["account", "orders", "notes", "activity", "devices"],
            Known = [new("email", "ada.lind@example.org", true)],
            Unknown = [new("email", "nobody@example.org", true)],
            Correction = new("name", "Ada Lind", "Ada Berg", ""),
        };
        var findings = new List<ConformanceFinding>();
        await foreach (var finding in new ConformanceRun(target, new MappedDatabase(shop)).RunAsync())
            findings.Add(finding);
        return findings;
    }

    private sealed class MappedDatabase(ShopDatabase shop) : ISystemUnderTest
    {
        public async Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
        {
            // What is kept is asked for by its handle when its reason has ended, and not before.
            if (task.Scope.Any(item => item.Handle is not null))
                shop.Clock.Advance(TimeSpan.FromDays(365 * 8));
            var uploaded = new ConcurrentDictionary<string, int>();
            try
            {
                var receipt = await shop.WorkAsync(task, async (_, category, write, stop) =>
                {
                    using var stream = new MemoryStream();
                    await write(stream, stop);
                    var records = stream.ToArray().Count(letter => letter == (byte)'\n');
                    uploaded.AddOrUpdate(category, records, (_, former) => former + records);
                    return records;
                });
                return new() { Receipt = receipt, Uploaded = uploaded };
            }
            catch (TaskFailedException error)
            {
                return new() { Failure = new(task.TaskId, error.Code, null, null) };
            }
        }
    }
}
