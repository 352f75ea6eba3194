using DsrService.Demo.Surface;
using DsrService.Demo.Systems;
using DsrService.Notices;

namespace DsrService.Tests.Demo.Surface;

public sealed class DemoMailTests : StoreFixture
{
    [Test]
    public async Task Send_SameMessageTwice_ArrivesOnceWithItsLinks()
    {
        await DemoTables.Lay(Database, CancellationToken.None);
        var mailbox = new DemoMail(Database, Clock);
        var mail = new NoticeContent("Ada@example.org", "Confirm", "Open http://127.0.0.1:8080/a?token=x_y-z.\nThanks.",
            "<a href=\"http://127.0.0.1:8080/a?token=x_y-z\">Open</a> <a href=\"http://127.0.0.1:8080/b?c=1&amp;d=2\">b</a>");
        await mailbox.SendAsync(mail, "one", CancellationToken.None);
        await mailbox.SendAsync(mail, "one", CancellationToken.None);
        await mailbox.SendAsync(mail with { Subject = "Later" }, "two", CancellationToken.None);
        await mailbox.SendAsync(mail with { To = "other@example.org" }, "three", CancellationToken.None);

        var caught = await mailbox.List("ada@example.org", CancellationToken.None);
        Assert.That(caught.Select(one => one.Subject), Is.EqualTo(new[] { "Later", "Confirm" }));
        Assert.That(caught[0].Links, Is.EqualTo(new[] { "http://127.0.0.1:8080/a?token=x_y-z", "http://127.0.0.1:8080/b?c=1&d=2" }));
    }
}
