using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DsrService.Demo.Companies;
using DsrService.Testing;

namespace DsrService.Journeys.Journey;

/// <summary>Drives the service as programs outside do: public API, demo mailbox and stores, staff API.</summary>
internal sealed class Client(Uri address, string approver, string controller = "toontrack") : IDisposable
{
    private static readonly string[] Closed = ["fulfilled", "partly-fulfilled", "refused", "withdrawn", "expired"];

    /// <summary>Long, because the machine may be busy with all other tests; what is there is seen at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string[] systems =
        [.. DemoCompanies.Stores(new(), null!, TimeProvider.System).Where(store => store.Controller == controller).Select(store => store.Key)];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Patience };

    /// <summary>Whether manual tasks are done as asked; otherwise they end as having found nothing.</summary>
    public bool WorksByHand { get; init; }

    public void Dispose() => http.Dispose();

    public async Task<IReadOnlyList<JsonNode>> PeopleAsync() => [.. (await GetAsync($"/demo/people/{controller}")).AsArray().Select(person => person!)];

    /// <summary>What every store holds on a person, as text that can be compared.</summary>
    public async Task<IReadOnlyDictionary<string, JsonNode>> HeldAsync(string email)
    {
        Dictionary<string, JsonNode> held = [];
        foreach (var system in systems)
            held.Add(system, await GetAsync($"/demo/stores/{controller}/{system}?kind=email&value={Uri.EscapeDataString(email)}"));
        return held;
    }

    /// <summary>Submits and returns the reference.</summary>
    public async Task<string> SubmitAsync(JsonObject request)
    {
        using var response = await http.PostAsJsonAsync($"/api/v1/{controller}/requests", request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), answer);
        return (string)JsonNode.Parse(answer)!["reference"]!;
    }

    /// <summary>Opens the mail, follows its link, and returns the access token of the request.</summary>
    public async Task<string> ConfirmAsync(string reference, string email)
    {
        var token = await Eventually.GetAsync(async () => (await GetAsync($"/demo/mailbox?to={Uri.EscapeDataString(email)}")).AsArray()
            .Where(mail => ((string)mail!["text"]!).Contains(reference, StringComparison.Ordinal))
            .SelectMany(mail => mail!["links"]!.AsArray()).Select(link => (string)link!)
            .Where(link => link.Contains("token=", StringComparison.Ordinal)).Select(link => link.Split("token=")[1].Split('&')[0]).FirstOrDefault(),
            $"a mail with a link for {reference}", Patience);
        using var response = await http.PostAsJsonAsync($"/api/v1/requests/{reference}/identity", new { token });
        var answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), answer);
        return (string)JsonNode.Parse(answer)!["accessToken"]!;
    }

    /// <summary>What mails to an address are about, the newest first.</summary>
    public async Task<IReadOnlyList<string>> SubjectsToAsync(string email) =>
        [.. (await GetAsync($"/demo/mailbox?to={Uri.EscapeDataString(email)}")).AsArray().Select(mail => (string)mail!["subject"]!)];

    /// <summary>The request as the person sees it.</summary>
    public Task<JsonNode> StatusAsync(string reference, string accessToken) => GetAsync($"/api/v1/requests/{reference}", accessToken);

    /// <summary>The request as an agent sees it.</summary>
    public Task<JsonNode> ReadAsync(string reference) => GetAsync($"/desk/api/v1/requests/{reference}", approver);

    public async Task<byte[]> DownloadAsync(string path, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", accessToken) } };
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Approves once the plan and its previews are there, completes what people do, and answers.</summary>
    public async Task WorkAsync(string reference)
    {
        await Eventually.TrueAsync(async () => await MoveAsync(reference, "approve"), $"{reference} to be planned", Patience);
        await Eventually.TrueAsync(async () =>
        {
            await CompleteManualTasksAsync(reference);
            return await MoveAsync(reference, "answer");
        }, $"all tasks of {reference} to end", Patience);
        await Eventually.TrueAsync(async () => IsClosed(await ReadAsync(reference)), $"{reference} to be closed", Patience);
    }

    /// <summary>Makes a move if it is allowed now, or has been made.</summary>
    public async Task<bool> MoveAsync(string reference, string move)
    {
        var request = await ReadAsync(reference);
        if (IsClosed(request) || (move == "approve" && (string)request["status"]! is "in-progress" or "awaiting-decision"))
            return true;
        if (!request["allowedMoves"]!.AsArray().Any(allowed => (string)allowed! == move))
            return false;
        return (await PostAsync($"/desk/api/v1/requests/{reference}/{move}", new JsonObject())).StatusCode is HttpStatusCode.OK;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { Authorization = new("Bearer", approver) } };
        return await http.SendAsync(request);
    }

    /// <summary>Completes the tasks that people work, until the request holds what is looked for.</summary>
    public Task WorkByHandUntilAsync(string reference, Func<JsonNode, bool> reached, string what) => Eventually.TrueAsync(async () =>
    {
        await CompleteManualTasksAsync(reference);
        return reached(await ReadAsync(reference));
    }, what, Patience);

    /// <summary>Tells a demo system how to behave.</summary>
    public async Task TellAsync(string system, string behaviour) => Assert.That(await TryTellAsync(system, behaviour));

    /// <summary>As <see cref="TellAsync"/> where the service may not be itself yet.</summary>
    public async Task<bool> TryTellAsync(string system, string behaviour)
    {
        using var told = await http.PostAsJsonAsync($"/demo/systems/{controller}/{system}", new { behaviour });
        return told.IsSuccessStatusCode;
    }

    /// <summary>Moves the service's clock forward.</summary>
    public async Task AdvanceAsync(string period)
    {
        using var moved = await http.PostAsJsonAsync("/demo/clock", new { advance = period });
        Assert.That(moved.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>The service's time, which the demo may have moved.</summary>
    public async Task<DateTime> NowAsync() => (DateTime)(await GetAsync("/demo/clock"))["now"]!;

    private static bool IsClosed(JsonNode request) => Closed.Contains((string)request["status"]!);

    private async Task CompleteManualTasksAsync(string reference)
    {
        var request = await ReadAsync(reference);
        foreach (var task in request["tasks"]!.AsArray().Where(task => (string)task!["binding"]! == "manual" && (string)task["state"]! is "sent" or "accepted"))
        {
            using var done = await PostAsync($"/desk/api/v1/requests/{reference}/tasks/{(string)task!["taskId"]!}/complete",
                WorksByHand ? await DoneByHandAsync(request, task) : new JsonObject { ["outcome"] = "nothing-found" });
        }
    }

    /// <summary>What a person would say who did what the task asks: everything is erased or kept as the plan has it.</summary>
    private async Task<JsonObject> DoneByHandAsync(JsonNode request, JsonNode task)
    {
        var (system, action) = ((string)task["system"]!, (string)task["action"]!);
        var rows = request["plan"]!.AsArray().Where(row => (string)row!["system"]! == system).ToList();
        var email = (string)request["requester"]!["email"]!;
        var counts = (await GetAsync($"/demo/stores/{controller}/{system}?kind=email&value={Uri.EscapeDataString(email)}"))["counts"]!.AsObject();
        if (action is not ("erase" or "notify") || counts.Count == 0)
            return new() { ["outcome"] = "nothing-found" };
        return new()
        {
            ["outcome"] = "completed",
            ["items"] = new JsonArray([.. counts.Select(count => (JsonNode)new JsonObject
            {
                ["category"] = count.Key,
                ["found"] = (int)count.Value!,
                [IsGranted(count.Key) ? "erased" : "retained"] = (int)count.Value!,
            })]),
        };

        // What the plan kept goes in the end as well, by a task of its own.
        bool IsGranted(string category) => IsClosed(request) || rows.Any(row => (string)row!["category"]! == category && (string)row["decision"]! == "grant");
    }

    private async Task<JsonNode> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"{path.Split('?')[0]}: {answer}");
        return JsonNode.Parse(answer)!;
    }
}
