using System.Globalization;
using System.Text.Json.Nodes;
using DsrService.Testing;

namespace DsrService.Journeys.Journey;

/// <summary>One person's erasure while something breaks, and the reckoning at its end: every row that any store held is
/// erased by one receipt, or kept and still there.</summary>
internal sealed class Erasure
{
    private readonly Client client;
    private readonly string email;
    private readonly int held;

    private Erasure(Client client, string reference, string email, int held) =>
        (this.client, Reference, this.email, this.held) = (client, reference, email, held);

    public string Reference { get; }

    public static async Task<Erasure> BeginAsync(Client client, JsonNode person)
    {
        var email = (string)person["email"]!;
        var rows = (await client.HeldAsync(email)).Values.Sum(store => store["rows"]!.AsArray().Count(row => !IsPastBookkeeping(row!)));
        var reference = await client.SubmitAsync(Requests.Of(person, "erasure"));
        await client.ConfirmAsync(reference, email);
        return new(client, reference, email, rows);
    }

    public Task PreviewedAsync() => Eventually.TrueAsync(async () =>
    {
        var previews = (await TasksAsync()).FindAll(IsPreview);
        return previews.Count > 0 && previews.TrueForAll(task => (string)task["state"]! is "done" or "failed");
    }, $"the previews of {Reference}", Client.Patience);

    /// <summary>Waits until the erasure at one system is in one of these states.</summary>
    public Task UntilAsync(string system, params string[] states) => Eventually.TrueAsync(async () =>
        (await TasksAsync()).Exists(task => (string)task["system"]! == system && IsErasure(task) && states.Contains((string)task["state"]!)),
        $"{system} to have {Reference} in hand", Client.Patience);

    /// <summary>Lets it end, and compares what the stores hold with what the systems said.</summary>
    public async Task EndedWellAsync()
    {
        await client.WorkAsync(Reference);
        var request = await client.ReadAsync(Reference);
        var tasks = Tasks(request);
        var after = await client.HeldAsync(email);
        var left = after.Values.Sum(store => store["rows"]!.AsArray().Count);
        Assert.Multiple(() =>
        {
            // A few of the people have nothing that must be kept.
            Assert.That((string)request["status"]!, Is.EqualTo(Sum(tasks, "retained") > 0 ? "partly-fulfilled" : "fulfilled"), Reference);
            Assert.That(after["newsletter"]["rows"]!.AsArray(), Is.Empty);
            Assert.That(tasks.Where(task => !IsPreview(task)).Select(task => (string)task["state"]!), Has.All.AnyOf("done", "verified"), Reference);
            Assert.That(Sum(tasks, "erased", "anonymised") - OthersCopies(tasks) + left, Is.EqualTo(held), () => string.Join('\n',
                tasks.Where(IsErasure).Select(task => $"{task["system"]} {task["state"]} {task["outcome"]} {task["attempts"]} {task["items"]!.ToJsonString()}")));
        });
    }

    private async Task<List<JsonNode>> TasksAsync() => Tasks(await client.ReadAsync(Reference));

    /// <summary>Messages of the person in other members' mailboxes are anonymised too; the stores show only the own ones.</summary>
    private static int OthersCopies(IEnumerable<JsonNode> tasks) => tasks.Where(IsErasure)
        .Sum(task => Items(task).Where(item => (string)item!["category"]! == "private-messages").Sum(item => (int?)item!["anonymised"] ?? 0));

    private static int Sum(IEnumerable<JsonNode> tasks, params string[] counts) => tasks.Where(IsErasure)
        .Sum(task => Items(task).Sum(item => counts.Sum(count => (int?)item![count] ?? 0)));

    // Such rows go with the rest, and are in no count.
    private static bool IsPastBookkeeping(JsonNode row) => ((string?)row["orderedOn"] ?? (string?)row["invoicedOn"]) is { } day
        && int.Parse(day[..4], CultureInfo.InvariantCulture) + 7 < TimeProvider.System.GetUtcNow().Year;

    private static List<JsonNode> Tasks(JsonNode request) => [.. request["tasks"]!.AsArray().Select(task => task!)];

    private static bool IsErasure(JsonNode task) => (string)task["action"]! is "erase" or "notify" && !IsPreview(task);

    private static bool IsPreview(JsonNode task) => (bool)task["preview"]!;

    private static JsonArray Items(JsonNode task) => task["items"]?.AsArray() ?? [];
}
