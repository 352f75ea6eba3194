using System.Globalization;
using System.Text.Json.Nodes;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Journeys.Journey;
using DsrService.Journeys.Pages;

namespace DsrService.Journeys.Companies;

/// <summary>What an erasure had to leave, followed past its last day with the demo's clock: gone from every store, asked again,
/// in the audit, and told to the person who wished to hear of it. A process of its own, since the clock is everybody's.</summary>
internal sealed class KeptDataTests
{
    private DemoProcess demo = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => demo = await DemoProcess.StartAsync(
        ("Demo__SlowFor", "00:00:01"), ("Demo__PullEvery", "00:00:01"), ("Dsr__RateLimits__IntakePerMinute", "10000"), ("Dsr__RateLimits__TokensPerMinute", "10000"));

    [OneTimeTearDown]
    public Task StopAsync() => demo.DisposeAsync().AsTask();

    [Test]
    public async Task Erasure_ClockPastEveryLastDay_NothingIsLeftAndThePersonIsTold()
    {
        var erased = await Task.WhenAll(DemoCompanies.All.Select(EraseAsync));
        var lastDay = erased.SelectMany(one => one.LastDays.Values).Max();
        using (var client = Client(DemoCompanies.All[0]))
            await client.AdvanceAsync($"P{lastDay.DayNumber - DateOnly.FromDateTime(await client.NowAsync()).DayNumber + 2}D");

        await Task.WhenAll(erased.Select(ShowGoneAsync));
    }

    private async Task<Erased> EraseAsync(DemoCompany company)
    {
        using var client = Client(company);
        var person = company.People.Single(person => person.Note.StartsWith("In every system, the manual ones too", StringComparison.Ordinal));
        var request = Journey.Requests.Of(new JsonObject { ["name"] = person.Name, ["email"] = person.Email }, "erasure");
        request["erasure"] = new JsonObject { ["grounds"] = new JsonArray("no-longer-necessary"), ["tellWhenErased"] = true };
        var reference = await client.SubmitAsync(request);
        await client.ConfirmAsync(reference, person.Email);
        await client.WorkAsync(reference);

        var kept = (await client.ReadAsync(reference))["kept"]!.AsArray();
        Assert.That(kept.Select(item => (string)item!["category"]!).Distinct(), Is.EquivalentTo(Expected.KeptAfterErasure[company.Key]), company.Key);
        Assert.That(kept, Has.All.Matches<JsonNode>(item => item["until"] is not null && !(bool)item["overdue"]! && item["endedAt"] is null), company.Key);
        return new(company, person, reference, kept.ToDictionary(item => $"{item!["system"]}/{item["category"]}",
            item => DateOnly.Parse((string)item!["until"]!, CultureInfo.InvariantCulture)));
    }

    private async Task ShowGoneAsync(Erased erased)
    {
        var (company, person, reference, lastDays) = erased;
        using var client = Client(company);
        await client.WorkByHandUntilAsync(reference, request => request["kept"]!.AsArray().All(item => item!["endedAt"] is not null), $"what {company.Key} kept to be gone");

        var request = await client.ReadAsync(reference);
        var held = (await client.HeldAsync(person.Email)).Where(store => !Expected.TookNoNotice.Contains(store.Key)).SelectMany(store => store.Value["rows"]!.AsArray());
        Assert.That(held, Is.Empty, company.Key);
        Assert.That(request["kept"]!.AsArray().Select(item => $"{item!["system"]}/{item["category"]}"), Is.EquivalentTo(lastDays.Keys), company.Key);
        Assert.That(request["timeline"]!.AsArray().Count(entry => (string)entry!["event"]! == "kept.ended"),
            Is.EqualTo(lastDays.Keys.Select(key => key.Split('/')[0]).Distinct().Count()), company.Key);
        foreach (var task in request["tasks"]!.AsArray().Where(task => (string)task!["action"]! == "erase" && !(bool)task["preview"]!))
            Assert.That((string)task!["state"]!, Is.EqualTo((string)task["binding"]! == "manual" ? "done" : "verified"), $"{company.Key}: {task["system"]}");
        Assert.That((await client.SubjectsToAsync(person.Email)).Any(subject => subject.Contains("erased", StringComparison.OrdinalIgnoreCase)
            && subject.Contains("kept", StringComparison.OrdinalIgnoreCase)), Is.EqualTo(lastDays.Count > 0), string.Join('\n', await client.SubjectsToAsync(person.Email)));
    }

    private Client Client(DemoCompany company) => new(demo.Address, demo.Token("approver"), company.Key) { WorksByHand = true };

    private sealed record Erased(DemoCompany Company, SyntheticPerson Person, string Reference, IReadOnlyDictionary<string, DateOnly> LastDays);
}
