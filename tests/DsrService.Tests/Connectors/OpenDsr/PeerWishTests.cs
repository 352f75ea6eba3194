using DsrService.Connectors.OpenDsr;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.OpenDsr;

[Parallelizable(ParallelScope.All)]
internal sealed class PeerWishTests
{
    private static readonly OpenDsrPeering Peering = new()
    {
        Dialect = OpenDsrDialect.Standard,
        Domain = "opendsr.partner.example",
        Identities = new Dictionary<string, string> { ["email"] = "email", ["customer-number"] = "controller_customer_id" },
    };

    private static readonly OpenDsrDiscovery Strict = new()
    {
        SupportedIdentities = [new("email", "raw"), new("controller_customer_id", "sha256")],
        SupportedSubjectRequestTypes = ["access", "portability", "erasure"],
    };

    private static readonly OpenDsrDiscovery Ours = Strict with
    {
        SupportedSubjectRequestTypes = ["access", "portability", "erasure", "dsr-erase", "dsr-preview-erase", "dsr-rectify", "dsr-restrict", "dsr-notify"],
        SupportedExtensions = new Dictionary<string, IReadOnlyList<string?>?> { ["OPENDSR.partner.example"] = ["dsr-service-1"] },
    };

    [TestCase(TaskAction.Access, "access")]
    [TestCase(TaskAction.Export, "portability")]
    [TestCase(TaskAction.Erase, "erasure")]
    public void Of_WhatTheStandardKnows_ItsOwnType(TaskAction action, string type)
    {
        var wish = PeerWish.Of(Peering, Strict, Task(action));

        Assert.That((wish.Value!.Type, wish.Value.Extended), Is.EqualTo((type, false)));
        Assert.That(wish.Value.Identities, Is.EqualTo(new[] { new OpenDsrIdentity("email", "raw", "ada.lind@example.org") }), "only what it lists, and unhashed");
    }

    [TestCase(TaskAction.Rectify)]
    [TestCase(TaskAction.Restrict)]
    [TestCase(TaskAction.StopProcessing)]
    [TestCase(TaskAction.Notify)]
    [TestCase(TaskAction.Verify)]
    [TestCase(TaskAction.Locate)]
    public void Of_StrictPeerAndAnotherRight_IsNothingForIt(TaskAction action) =>
        Assert.That(PeerWish.Of(Peering, Strict, Task(action)).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));

    [Test]
    public void Of_PreviewOfAnErasure_NeverGoesAsAnErasure()
    {
        var preview = Task(TaskAction.Erase) with { Preview = true };

        Assert.That(PeerWish.Of(Peering, Strict, preview).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));
        Assert.That(PeerWish.Of(Peering, Ours, preview).Value!.Type, Is.EqualTo("dsr-preview-erase"));
    }

    [Test]
    public void Of_ErasureThatKeepsSomethingOrMeansOneItem_NeverGoesAsAnErasureOfAll()
    {
        var keeps = Task(TaskAction.Erase) with { Scope = [new() { Category = "a", Decision = ScopeDecision.Act }, new() { Category = "b", Decision = ScopeDecision.Keep, Reason = "17-3-b" }] };
        var one = Task(TaskAction.Erase) with { Identifiers = [], Scope = [new() { Category = "a", Decision = ScopeDecision.Act, Handle = "h-1" }] };

        Assert.That(PeerWish.Of(Peering, Strict, keeps).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));
        Assert.That(PeerWish.Of(Peering, Strict, one).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));
        Assert.That(PeerWish.Of(Peering, Ours, keeps).Value!.Type, Is.EqualTo("dsr-erase"));
        Assert.That(PeerWish.Of(Peering, Ours, one).Value!.Identities, Is.Empty);
    }

    [Test]
    public void Of_ExtensionOfAnotherDomain_IsNotThePeers()
    {
        var other = Ours with { SupportedExtensions = new Dictionary<string, IReadOnlyList<string?>?> { ["opendsr.elsewhere.example"] = ["dsr-service-1"] } };

        Assert.That(PeerWish.Of(Peering, other, Task(TaskAction.Restrict)).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));
    }

    [Test]
    public void Of_NoIdentityThePeerLists_IsNothingForIt()
    {
        var known = Task(TaskAction.Access) with { Identifiers = [new("customer-number", "C-1", true), new("serial-number", "S-1", true)] };

        Assert.That(PeerWish.Of(Peering, Strict, known).Failure?.Code, Is.EqualTo("opendsr.identity_not_listed"));
        Assert.That(PeerWish.Of(Peering, Strict, known with { Identifiers = null }).Failure?.Code, Is.EqualTo("opendsr.identity_not_listed"));
        Assert.That(PeerWish.Of(Peering, Strict with { SupportedIdentities = null }, Task(TaskAction.Access)).Failure?.Code, Is.EqualTo("opendsr.identity_not_listed"));
    }

    [Test]
    public void Of_ErasureOfNobody_IsNotSentWithoutIdentities() =>
        Assert.That(PeerWish.Of(Peering, Ours, Task(TaskAction.Erase) with { Identifiers = [] }).Failure?.Code, Is.EqualTo("opendsr.identity_not_listed"));

    [TestCase(OpenDsrDialect.MParticle)]
    [TestCase(OpenDsrDialect.AppsFlyer)]
    public void Of_DialectWithoutAReadableDiscovery_WhatItDocuments(OpenDsrDialect dialect)
    {
        var peering = Peering with { Dialect = dialect };

        Assert.That(PeerWish.Of(peering, new(), Task(TaskAction.Erase)).Value!.Type, Is.EqualTo("erasure"));
        Assert.That(PeerWish.Of(peering, new(), Task(TaskAction.Restrict)).Failure?.Code, Is.EqualTo("opendsr.right_not_listed"));
    }

    [Test]
    public void Of_SeveralIdentitiesOfOneType_MParticleCannotBeGivenThem()
    {
        var two = Task(TaskAction.Access) with { Identifiers = [new("email", "a@example.org", true), new("email", "b@example.org", true)] };

        Assert.That(PeerWish.Of(Peering with { Dialect = OpenDsrDialect.MParticle }, Strict, two).Failure?.Code, Is.EqualTo("opendsr.several_of_one_type"));
        Assert.That(PeerWish.Of(Peering, Strict, two).Value!.Identities, Has.Count.EqualTo(2));
    }

    private static SystemTask Task(TaskAction action) => Outgoing.Task(Binding.Opendsr).Task with
    {
        Action = action,
        Identifiers = [new("email", "ada.lind@example.org", true), new("customer-number", "C-1", true), new("serial-number", "S-1", true)],
    };
}
