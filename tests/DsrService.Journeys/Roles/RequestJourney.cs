using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using DsrService.Demo.People;
using DsrService.Testing;

namespace DsrService.Journeys.Roles;

/// <summary>One request on its way, seen by the person who makes it and by staff, over HTTP alone.</summary>
internal sealed partial class RequestJourney : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ServiceProcesses processes;
    private readonly SyntheticPerson person;
    private string accessToken = string.Empty;

    private RequestJourney(ServiceProcesses processes, SyntheticPerson person) => (this.processes, this.person) = (processes, person);

    public string Reference { get; private set; } = string.Empty;

    /// <summary>Submits in the person's name.</summary>
    public static async Task<RequestJourney> SubmitAsync(ServiceProcesses processes, SyntheticPerson person, JsonObject wish)
    {
        var journey = new RequestJourney(processes, person);
        var body = wish.DeepClone().AsObject();
        body["language"] = "en";
        body["country"] = "SE";
        body["requester"] = new JsonObject { ["name"] = person.Name, ["email"] = person.Email, ["relation"] = "self" };
        var answer = await journey.SendAsync(HttpMethod.Post, "portal", "/api/v1/toontrack/requests", null, body);
        journey.Reference = answer["reference"]!.GetValue<string>();
        return journey;
    }

    /// <summary>Opens the link of the mail, as its reader would.</summary>
    public async Task ConfirmAsync()
    {
        var token = await Eventually.GetAsync(
            () => Task.FromResult(processes.Smtp.Mails
                .Where(mail => mail.To.Contains(person.Email) && Mentions(mail))
                .Select(mail => Link().Match(mail.Text ?? string.Empty))
                .FirstOrDefault(link => link.Success)),
            $"the mail with the link for {Reference}");
        var answer = await SendAsync(HttpMethod.Post, "portal", $"/api/v1/requests/{Reference}/identity", null,
            new JsonObject { ["token"] = HttpUtility.UrlDecode(token.Groups["token"].Value) });
        accessToken = answer["accessToken"]!.GetValue<string>();
    }

    /// <summary>Approves once the plan is there. An objection to marketing is approved by policy.</summary>
    public async Task ApproveAsync()
    {
        if ((await ReachAsync("planned", "in-progress", "awaiting-decision"))["status"]!.GetValue<string>() == "planned")
            await SendAsync(HttpMethod.Post, "desk", $"/desk/api/v1/requests/{Reference}/approve", Staff("approver"), []);
    }

    /// <summary>Waits for the systems and works the manual tasks on the way: there was nothing to be found.</summary>
    public async Task FulfilAsync() => await Eventually.TrueAsync(
        async () =>
        {
            var request = await ReadAsync();
            foreach (var task in request["tasks"]!.AsArray().Select(task => task!).Where(IsOpenManual))
                await SendAsync(HttpMethod.Post, "desk", $"/desk/api/v1/requests/{Reference}/tasks/{task["taskId"]}/complete", Staff("agent"),
                    new JsonObject { ["outcome"] = "nothing-found", ["items"] = new JsonArray(), ["messages"] = new JsonArray() });
            return request["status"]!.GetValue<string>() == "awaiting-decision";
        },
        $"{Reference} awaiting the decision",
        TimeSpan.FromMinutes(4));

    /// <summary>Sends the answer; returns what the person then reads on the status page.</summary>
    public async Task<JsonNode> AnswerAsync()
    {
        await SendAsync(HttpMethod.Post, "desk", $"/desk/api/v1/requests/{Reference}/answer", Staff("approver"), []);
        await Eventually.TrueAsync(
            () => processes.Smtp.Mails.Count(mail => mail.To.Contains(person.Email) && Mentions(mail)) > 1, $"the letter for {Reference}");
        return await SendAsync(HttpMethod.Get, "portal", $"/api/v1/requests/{Reference}", accessToken);
    }

    public async Task<Stream> PackageAsync(JsonNode status)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(processes.Address("portal"), status["packageUrl"]!.GetValue<string>()));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var response = await client.SendAsync(message);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsStreamAsync();
    }

    /// <summary>The request as staff see it, once it has one of these statuses.</summary>
    public Task<JsonNode> ReachAsync(params string[] statuses) => Eventually.GetAsync(
        async () => await ReadAsync() is { } request && statuses.Contains(request["status"]!.GetValue<string>()) ? request : null,
        $"{Reference} being {string.Join(" or ", statuses)}",
        TimeSpan.FromMinutes(4));

    public Task<JsonNode> ReadAsync() => SendAsync(HttpMethod.Get, "desk", $"/desk/api/v1/requests/{Reference}", Staff("approver"));

    public void Dispose() => client.Dispose();

    private string Staff(string role) => processes.StaffTokens[role];

    private bool Mentions(ReceivedMail mail) =>
        mail.Subject.Contains(Reference, StringComparison.Ordinal) || mail.Text?.Contains(Reference, StringComparison.Ordinal) is true;

    private static bool IsOpenManual(JsonNode task) =>
        task["binding"]!.GetValue<string>() == "manual" && task["state"]!.GetValue<string>() is "sent" or "accepted";

    private async Task<JsonNode> SendAsync(HttpMethod method, string role, string path, string? token, JsonObject? body = null)
    {
        using var message = new HttpRequestMessage(method, new Uri(processes.Address(role), path));
        if (body is not null)
            message.Content = JsonContent.Create(body);
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
            : throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
    }

    [GeneratedRegex(@"token=(?<token>[A-Za-z0-9_\-%.~]+)")]
    private static partial Regex Link();
}
