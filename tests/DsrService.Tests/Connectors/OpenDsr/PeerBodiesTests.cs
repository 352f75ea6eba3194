using System.Text;
using System.Text.Json.Nodes;
using DsrService.Connectors.OpenDsr;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.OpenDsr;

[Parallelizable(ParallelScope.All)]
internal sealed class PeerBodiesTests
{
    private const string Id = "a7551968-d5d6-44b2-9831-815ac9017798";

    [Test]
    public void Request_MParticle_IdentitiesByTypeAndItsVersion()
    {
        var body = Write(OpenDsrDialect.MParticle, null);

        Assert.That(body["subject_identities"]!.ToJsonString(), Is.EqualTo("""{"email":{"value":"ada.lind@example.org","encoding":"raw"}}"""));
        Assert.That((string?)body["api_version"], Is.EqualTo("3.0"));
        Assert.That(body["property_id"], Is.Null);
    }

    [Test]
    public void Request_AppsFlyer_NamesTheApp()
    {
        var body = Write(OpenDsrDialect.AppsFlyer, "id123456");

        Assert.That((string?)body["property_id"], Is.EqualTo("id123456"));
        Assert.That(body["subject_identities"], Is.InstanceOf<JsonArray>());
    }

    [Test]
    public void Request_TimeOfTheRequest_IsThePersonsAndInUtc() =>
        Assert.That((string?)Write(OpenDsrDialect.Standard, null)["submitted_time"], Is.EqualTo("2026-03-01T23:30:00Z"));

    [TestCase("pending", PeerStatus.Pending)]
    [TestCase("in_progress", PeerStatus.InProgress)]
    [TestCase("in-progress", PeerStatus.InProgress)]
    [TestCase("completed", PeerStatus.Completed)]
    [TestCase("cancelled", PeerStatus.Cancelled)]
    [TestCase("canceled", PeerStatus.Cancelled)]
    [TestCase("Completed", null)]
    [TestCase("failed", null)]
    [TestCase(null, null)]
    public void Status_EachSpelling_IsTheOneOrNone(string? said, object? status) =>
        Assert.That(PeerBodies.Status(new() { RequestStatus = said }), Is.EqualTo(status));

    [TestCase("""{}""")]
    [TestCase("""{"extensions":null}""")]
    [TestCase("""{"extensions":[{"domain":"opendsr.partner.example","status":"sent"}]}""")]
    [TestCase("""{"extensions":{"opendsr.elsewhere.example":{"dsr-service-1":{}}}}""")]
    [TestCase("""{"extensions":{"opendsr.partner.example":7}}""")]
    public void Extended_NothingOfOurs_IsNoReceipt(string body)
    {
        var said = PeerBodies.Extended(Peering(OpenDsrDialect.Standard, null), OpenDsrJson.Read<OpenDsrStatus>(Encoding.UTF8.GetBytes(body))!);

        Assert.That((said.Failure, said.Value), Is.EqualTo(((Failure?)null, (ExtendedAnswer?)null)));
    }

    [TestCase("""{"receipt":{"outcome":"done"}}""")]
    [TestCase("""{"receipt":7}""")]
    [TestCase("""{"wrong":true}""")]
    [TestCase("[]")]
    public void Extended_BrokenReceipt_IsSaidToBe(string ours)
    {
        var body = "{\"extensions\":{\"opendsr.partner.example\":{\"dsr-service-1\":" + ours + "}}}";

        Assert.That(PeerBodies.Extended(Peering(OpenDsrDialect.Standard, null), OpenDsrJson.Read<OpenDsrStatus>(Encoding.UTF8.GetBytes(body))!).Failure?.Code,
            Is.EqualTo("opendsr.receipt_unreadable"));
    }

    private static JsonNode Write(OpenDsrDialect dialect, string? property)
    {
        var task = Outgoing.Task(Binding.Opendsr).Task with { Action = TaskAction.Erase };
        var peering = Peering(dialect, property);
        var wish = PeerWish.Of(peering, new() { SupportedIdentities = [new("email", "raw")], SupportedSubjectRequestTypes = ["erasure"] }, task).Value!;
        return JsonNode.Parse(PeerBodies.Request(peering, wish, task, Id, null, new(2026, 3, 2, 0, 30, 0, TimeSpan.FromHours(1)), new("https://dsr.example/opendsr/callbacks/a/b")))!;
    }

    private static OpenDsrPeering Peering(OpenDsrDialect dialect, string? property) => new()
    {
        Dialect = dialect,
        Domain = "opendsr.partner.example",
        Identities = new Dictionary<string, string> { ["email"] = "email" },
        Property = property,
    };
}
