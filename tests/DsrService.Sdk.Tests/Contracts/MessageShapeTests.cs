using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests.Contracts;

/// <summary>The JSON of every message, letter by letter: connected systems depend on it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class MessageShapeTests
{
    private const string Task = """
        {
          "taskId": "01932d2f-0000-7000-8000-000000000001",
          "reference": "DSR-2026-7K3QX9PM",
          "controller": "toontrack",
          "system": "webshop",
          "action": "lift-restriction",
          "identifiers": [ { "kind": "email", "value": "ada.lind@example.org", "verified": true } ],
          "scope": [ { "category": "orders", "decision": "keep", "reason": "accounting", "until": "2033-12-31", "handle": "h-1" } ],
          "corrections": [ { "field": "postal-address", "current": "", "requested": "new", "statement": "" } ],
          "issuedAt": "2026-11-02T09:30:00Z",
          "dueAt": "2026-11-12T09:30:00.5Z",
          "attempt": 2,
          "preview": true,
          "verifies": "01932d2f-0000-7000-8000-000000000001",
          "links": {
            "accept": "https://dsr.example/a", "heartbeat": "https://dsr.example/h", "data": "https://dsr.example/d",
            "receipt": "https://dsr.example/r", "failure": "https://dsr.example/f"
          }
        }
        """;

    private const string SealedTask = """
        {
          "taskId": "01932d2f-0000-7000-8000-000000000001",
          "reference": "DSR-2026-7K3QX9PM",
          "controller": "toontrack",
          "system": "webshop",
          "action": "erase",
          "scope": [],
          "sealed": "eyJ.x.y",
          "issuedAt": "2026-11-02T09:30:00Z",
          "dueAt": "2026-11-12T09:30:00Z",
          "attempt": 1,
          "preview": false
        }
        """;

    private const string Receipt = """
        {
          "taskId": "01932d2f-0000-7000-8000-000000000001",
          "outcome": "partly-retained",
          "items": [ {
            "category": "orders", "found": 21, "handed": 1, "erased": 2, "anonymised": 3, "rectified": 4, "restricted": 5,
            "stopped": 6, "retained": 7, "reason": "accounting", "legalBasis": "17-3-b", "until": "2033-12-31", "handle": "h-1"
          } ],
          "identifiers": [ { "kind": "customer-number", "value": "C-1001", "verified": true } ],
          "messages": [ "two shops" ],
          "handledAt": "2026-11-03T10:00:00Z",
          "handler": "webshop 1.2.3"
        }
        """;

    private const string Sealed = """
        { "identifiers": [ { "kind": "email", "value": "ada.lind@example.org", "verified": false } ], "corrections": [] }
        """;

    public static readonly object[][] Messages =
    [
        [Task, typeof(SystemTask)],
        [SealedTask, typeof(SystemTask)],
        [Receipt, typeof(Receipt)],
        [Sealed, typeof(SealedSubject)],
        ["""{ "taskId": "01932d2f-0000-7000-8000-000000000001" }""", typeof(TaskAccepted)],
        ["""{ "taskId": "01932d2f-0000-7000-8000-000000000001" }""", typeof(TaskHeartbeat)],
        ["""
        { "taskId": "01932d2f-0000-7000-8000-000000000001", "code": "store.unavailable", "message": "m", "retryAfterSeconds": 60 }
        """, typeof(TaskFailure)],
        ["""
        { "eventId": "01932d2f-0000-7000-8000-000000000001", "controller": "toontrack", "system": "newsletter", "state": "objection", "change": "begun", "purpose": "direct-marketing", "at": "2026-11-02T09:30:00Z", "sealed": "a..b.c.d" }
        """, typeof(SubjectStateChanged)],
        ["""{ "restricted": true, "objections": [ "direct-marketing" ], "erased": false }""", typeof(SubjectCheck)],
    ];

    [TestCaseSource(nameof(Messages))]
    public void Options_ReadAndWritten_SameJson(string json, Type type)
    {
        var message = JsonSerializer.Deserialize(json, type, DsrJson.Options);
        Assert.That(JsonSerializer.Serialize(message, type, DsrJson.Options), Is.EqualTo(Compact(json)));
    }

    [TestCase("Erase")]
    [TestCase("erase,lift-restriction")]
    [TestCase("liftRestriction")]
    [TestCase("delete")]
    public void Options_OddAction_Refused(string action) =>
        Assert.Throws<JsonException>(() => Read(SealedTask.Replace("\"erase\"", $"\"{action}\"", StringComparison.Ordinal)));

    [Test]
    public void Options_UnknownMember_Refused() => Assert.Throws<JsonException>(
        () => Read(SealedTask.Replace("\"attempt\"", "\"color\": 1, \"attempt\"", StringComparison.Ordinal)));

    [Test]
    public void Options_MemberTwice_Refused() => Assert.Throws<JsonException>(
        () => Read(SealedTask.Replace("\"attempt\"", "\"preview\": true, \"attempt\"", StringComparison.Ordinal)));

    [TestCase(0, "2026-11-04T09:05:07Z")]
    [TestCase(4, "2026-11-04T09:05:07.004Z")]
    [TestCase(50, "2026-11-04T09:05:07.05Z")]
    [TestCase(120, "2026-11-04T09:05:07.12Z")]
    [TestCase(700, "2026-11-04T09:05:07.7Z")]
    [TestCase(999, "2026-11-04T09:05:07.999Z")]
    public void Options_InstantOfAnyZone_UtcAndNoMoreThanItsMilliseconds(int milliseconds, string written)
    {
        var instant = new DateTimeOffset(2026, 11, 4, 10, 5, 7, milliseconds, TimeSpan.FromHours(1)).AddTicks(9);

        Assert.That(JsonSerializer.Serialize(instant, DsrJson.Options), Is.EqualTo($"\"{written}\""));
    }

    [Test]
    public void ToString_Message_ShowsNothingPersonal()
    {
        var task = Read(Task)!;
        Assert.That($"{task.Identifiers![0]} {task.Corrections![0]}", Does.Contain("[personal]").And.Not.Contain("ada.lind"));
    }

    [Test]
    public void Names_Namespace_Frozen() =>
        Assert.That(typeof(SystemTask).FullName, Is.EqualTo("DsrService.Sdk.Contracts.SystemTask"));

    private static SystemTask? Read(string json) => JsonSerializer.Deserialize<SystemTask>(json, DsrJson.Options);

    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}
