using System.Text.Json.Nodes;
using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Toontrack;

public sealed class SupportForumStoreTests : StoreFixture
{
    [Test]
    public async Task Access_MemberOthersRepliedTo_HandsOverNothingOfTheOthers()
    {
        var person = Person(6);
        Dictionary<string, List<JsonObject>> handed = [];
        await Work(Task(Store(ToontrackSystems.SupportForum), TaskAction.Access, person), handed);

        var text = string.Join('\n', handed.Values.SelectMany(rows => rows).Select(row => row.ToJsonString()));
        Assert.Multiple(() =>
        {
            Assert.That(handed.Keys, Is.EquivalentTo(new[] { "forum-posts", "private-messages", "forum-account" }));
            Assert.That(text, Does.Contain(person.Email).And.Contain("[another member]").And.Contain("[text of another member]"));
            foreach (var other in People.Where(other => other.Number != person.Number && other.Id("user-name") is not null))
            {
                Assert.That(text, Does.Not.Contain(other.Id("user-name")!));
                Assert.That(text, Does.Not.Contain(other.Email));
                Assert.That(text, Does.Not.Contain(other.Phone));
                if (other.Name.Length > 3) Assert.That(text, Does.Not.Contain(other.Name));
            }
        });
    }

    [Test]
    public async Task Erase_MemberOthersRepliedTo_ThreadStaysReadableWithoutTheName()
    {
        var forum = Store(ToontrackSystems.SupportForum);
        var person = Person(7);
        var thread = $"thread-{person.Number:d4}";
        var posts = await Scalar($"select count(*) from {forum.Schema}.post where thread = '{thread}'");
        var receipt = await Work(forum, TaskAction.Erase, person);

        var texts = $"""
            select count(*) from (select body, author from {forum.Schema}.post union all select body, correspondent from {forum.Schema}.message) t(body, who)
            where body ilike '%{person.Id("user-name")}%' or body ilike '%{person.Email}%' or body ilike '%{person.Name}%' or who = '{person.Id("user-name")}'
            """;
        Assert.Multiple(() =>
        {
            Assert.That(Held(forum, person).Result.Counts, Is.Empty);
            Assert.That(Scalar(texts).Result, Is.Zero);
            Assert.That(Scalar($"select count(*) from {forum.Schema}.post where thread = '{thread}'").Result, Is.EqualTo(posts));
            Assert.That(receipt.Items.Single(item => item.Category == "forum-posts").Anonymised, Is.EqualTo(2));
            Assert.That(receipt.Items.Single(item => item.Category == "private-messages"), Has.Property("Erased").EqualTo(2).And.Property("Anonymised").EqualTo(2));
        });
    }

    [Test]
    public async Task Erase_PlainPerson_TouchesNoRowOfAnotherPlainPerson()
    {
        var forum = Store(ToontrackSystems.SupportForum);
        var others = People.Where(person => person.Number is > 9 and <= 40).ToArray();
        var before = new List<string>();
        foreach (var other in others) before.Add(Text(await Held(forum, other)));

        await Work(forum, TaskAction.Erase, Person(9));

        foreach (var (other, then) in others.Zip(before))
            Assert.That(Text(await Held(forum, other)), Is.EqualTo(then));
    }

    [Test]
    public async Task Erase_NameFullOfPatternCharacters_IsTakenLiterally()
    {
        var forum = Store(ToontrackSystems.SupportForum);
        var person = Person("Name full of quotes");
        var posts = await Scalar($"select count(*) from {forum.Schema}.post where body like '%Hello%'");

        await Work(forum, TaskAction.Erase, person);

        Assert.That(await Scalar($"select count(*) from {forum.Schema}.post where body like '%Bobby%' or body like '%tables@%'"), Is.Zero);
        Assert.That(await Scalar($"select count(*) from {forum.Schema}.post where body like '%Hello%'"), Is.EqualTo(posts));
    }

    private static string Text(DsrService.Demo.Stores.StoreContent content) => string.Join('\n', content.Rows.Select(row => row.ToJsonString()));
}
