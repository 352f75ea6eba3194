using System.Text.Json;
using DsrService.Audit;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Requests.Desk;

/// <summary>An audit entry in words. <see cref="Event"/> is stable, <see cref="Text"/> is for people.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, string Event, string Actor, string By, string Text, string? Note);

/// <summary>Reads audit entries of one request aloud. What people wrote is opened while the request's key is there.</summary>
internal sealed class TimelineReader(ControllerDataMap map, IReadOnlyList<RequestTask> tasks, IReadOnlyDictionary<Guid, StaffName> staff, DataKey key)
{
    private const string StaffPrefix = "staff:";
    private static readonly string[] Sealed = ["text", "reason", "explanation", "remark"];

    public static Guid? Member(string actor) =>
        actor.StartsWith(StaffPrefix, StringComparison.Ordinal) && Guid.TryParse(actor.AsSpan(StaffPrefix.Length), out var member) ? member : null;

    public TimelineEntry Read(AuditEntry entry)
    {
        using var facts = JsonDocument.Parse(entry.Facts);
        return new(entry.At, entry.Event, entry.Actor, By(entry.Actor), Text(entry, facts.RootElement), Note(facts.RootElement));
    }

    private string By(string actor) => actor switch
    {
        AuditLog.Service => "the service",
        AuditLog.Person => "the person",
        _ when Member(actor) is { } member => staff.TryGetValue(member, out var name) ? name.DisplayName : "a member of staff",
        _ => actor.Split('/') is [_, var system] ? SystemLabel(system) : actor,
    };

    private string Text(AuditEntry entry, JsonElement facts) => entry.Event switch
    {
        "request.received" => "Request received",
        "request.acknowledged" => "Acknowledged",
        "request.assigned" => Assigned(facts),
        "request.noted" => "Note",
        "request.held" => "Put on hold: nothing more is sent",
        "request.hold_released" => "Hold released",
        "request.refused" => $"Refused ({Words(Fact(facts, "ground"))})",
        "request.withdrawn" => "Withdrawn",
        "request.answered" => "Answered",
        "request.expired" => "Expired: the address was never confirmed",
        "identity.link_sent" => "Link to confirm the address sent",
        "identity.reminded" => "Reminder to confirm the address sent",
        "identity.confirmed" => "Address confirmed",
        "identity.vouched" => $"{By(entry.Actor)} vouches for who asks",
        "opendsr.callback_failed" => $"{By(entry.Actor)} could not be told of a change",
        "identity.shown_again" => "The link was opened once more",
        "request.reopened" => "Opened again",
        "identifiers.found" => $"{By(entry.Actor)} knows the person also by: {List(facts, "kinds")}",
        "plan.made" => "Plan made",
        "plan.approved" => "Plan approved",
        "plan.approved_by_policy" => "Started by policy: nobody needs to approve this",
        "deadline.extended" => $"Time limit extended to {Fact(facts, "extendedTo")}",
        "restriction.lifting_announced" => $"The person is told that the restriction ends on {Fact(facts, "on")}",
        "state.began" => $"From now on in force: {States(facts)}",
        "identifier.rectified" => "Known by a new value from now on; what was in force holds for it as well",
        "state.ended" => $"No longer in force: {States(facts)}",
        "reimport.noticed" when Fact(facts, "task") is null => $"{SystemLabel(Fact(facts, "system") ?? "")} asked about the person who was erased: it was given the data again",
        "reimport.noticed" => $"{SystemLabel(Fact(facts, "system") ?? "")} holds the person again, whom {Fact(facts, "erased")} had erased there",
        "deadline.warned" => $"Reminder of the time limit sent to {Fact(facts, "told")} members of staff",
        "deadline.suspended" => "Clock stopped: information is awaited",
        "deadline.resumed" => $"Clock runs again after {Fact(facts, "days")} days",
        "tasks.sent" => Sent(facts),
        "tasks.ended" => "All systems have answered",
        "task.accepted" => $"{TaskLabel(facts)}: accepted",
        "task.answered" => $"{TaskLabel(facts)}: {Words(Fact(facts, "outcome"))}",
        "task.failed" => $"{TaskLabel(facts)}: attempt failed",
        "task.verified" => $"{TaskLabel(facts)}: verified by asking again",
        "task.not_verified" => $"{TaskLabel(facts)}: asked again, and {Fact(facts, "stillFound")} records were still there",
        "task.not_sent" => $"{TaskLabel(facts)}: not sent, since no identifier leads there",
        "task.retried" => $"{TaskLabel(facts)}: tried again",
        "task.set_aside" => $"{TaskLabel(facts)}: set aside",
        "vendor.written" => $"{SystemLabel(Fact(facts, "system") ?? "")}: the vendor was written to",
        "vendor.escalated" => $"{SystemLabel(Fact(facts, "system") ?? "")}: the vendor does not answer; {Fact(facts, "told")} members of staff were told",
        "vendor.problem" => $"{TaskLabel(facts)}: the vendor told of a problem",
        "preservation.ended" => "What was preserved for the answer is left to its usual end again",
        "kept.ended" => $"{SystemLabel(Fact(facts, "system") ?? "")}: the reason to keep has ended; to be erased now",
        "recipient.notice_queued" => $"{Recipient(facts)} is written to (Art. 19)",
        "recipient.answered" => $"{Recipient(facts)} {Answered(Fact(facts, "answer"))} ({Fact(facts, "on")})",
        "receipt.late" => $"{TaskLabel(facts)}: an answer came too late; kept, reopens nothing",
        "data.received" => $"{By(entry.Actor)} handed over {Fact(facts, "records")} records",
        "package.built" => "Package put together",
        "package.failed" => $"The package could not be put together (attempt {Fact(facts, "attempt")}); it is tried again",
        "package.downloaded" => "Package downloaded by the person",
        "notice.sent" => $"Mail sent: {Words(Fact(facts, "kind"))}",
        "notice.failed" => $"Mail given up on: {Words(Fact(facts, "kind"))} ({Fact(facts, "error")})",
        _ => Words(entry.Event.Replace('.', ' ').Replace('_', ' ')),
    };

    private string Assigned(JsonElement facts) =>
        Guid.TryParse(Fact(facts, "assignee"), out var member) ? $"Assigned to {(staff.TryGetValue(member, out var name) ? name.DisplayName : "a colleague")}" : "Assigned to nobody";

    private string Sent(JsonElement facts)
    {
        if (!facts.TryGetProperty("tasks", out var sent) || sent.ValueKind != JsonValueKind.Array)
            return "Tasks sent";
        var parts = sent.EnumerateArray().Select(task => $"{TaskLabel(task)}{(Fact(task, "state") == "failed" ? " (attempt failed)" : "")}");
        return $"Sent: {string.Join("; ", parts)}";
    }

    private string States(JsonElement facts) => !facts.TryGetProperty("states", out var states) || states.ValueKind != JsonValueKind.Array ? "" :
        string.Join("; ", states.EnumerateArray().Select(state => string.Join(", ", new[]
        {
            Words(Fact(state, "state")), Words(Fact(state, "purpose")), Fact(state, "system") is { } system ? SystemLabel(system) : "",
        }.Where(part => part.Length > 0))));

    private string TaskLabel(JsonElement facts)
    {
        var id = Fact(facts, "task");
        return tasks.FirstOrDefault(task => task.Id.ToString() == id) is { } task
            ? $"{SystemLabel(task.System)}, {DeskWords.Action(task.Action, task.Preview).ToLowerInvariant()}"
            : "Task";
    }

    private string Recipient(JsonElement facts) => map.Recipients.FirstOrDefault(row => row.Key == Fact(facts, "recipient"))?.Name ?? Fact(facts, "recipient") ?? "";

    private static string Answered(string? answer) => answer switch
    {
        "completed" => "did the same",
        "nothing-found" => "holds nothing",
        "refused" => "refused",
        _ => "cannot be told",
    };

    private string SystemLabel(string system) => map.Systems.FirstOrDefault(row => row.Key == system)?.Label.English ?? system;

    private string? Note(JsonElement facts)
    {
        foreach (var name in Sealed)
            if (facts.TryGetProperty(name, out var fact) && fact.ValueKind == JsonValueKind.Object)
                return fact.Deserialize<SealedText>(DsrJson.Options)?.Open(key) ?? "(no longer readable)";
        return null;
    }

    private static string? Fact(JsonElement facts, string name) =>
        !facts.TryGetProperty(name, out var fact) || fact.ValueKind == JsonValueKind.Null ? null : fact.ToString();

    private static string List(JsonElement facts, string name) =>
        facts.TryGetProperty(name, out var fact) && fact.ValueKind == JsonValueKind.Array ? string.Join(", ", fact.EnumerateArray().Select(item => Words(item.ToString()))) : "";

    private static string Words(string? code) => string.IsNullOrEmpty(code) ? "" : code.Replace('-', ' ');
}
