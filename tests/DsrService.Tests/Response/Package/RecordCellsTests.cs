using System.Text.Json;
using DsrService.Response.Package;

namespace DsrService.Tests.Response.Package;

internal sealed class RecordCellsTests
{
    [Test]
    public void Of_NestedRecord_OpensObjectsAndKeepsLists() =>
        Assert.That(Of("""{"a":1,"b":{"c":"x","d":{"e":null}},"f":[1,{"g":2}],"h":{},"i":true}"""), Is.EqualTo(new[]
        {
            ("a", "1"), ("b.c", "x"), ("b.d.e", ""), ("f", """[1,{"g":2}]"""), ("h", "{}"), ("i", "true"),
        }));

    [Test]
    public void Of_TwoWaysToOnePath_LosesNeither() =>
        Assert.That(Of("""{"a.b":1,"a":{"b":2},"a.b":3}"""), Is.EqualTo(new[] { ("a.b", "1"), ("a.b (2)", "2"), ("a.b (3)", "3") }));

    [Test]
    public void ForReading_ListOfPlainValues_ReadsAsPeopleWrite()
    {
        using var record = JsonDocument.Parse("""{"tags":["a","b",1]}""");

        Assert.That(RecordCells.ForReading(record.RootElement).Single().Text, Is.EqualTo("a, b, 1"));
    }

    [TestCase("fullName", "Full name")]
    [TestCase("postal_address.street-name", "Postal address › street name")]
    [TestCase("IPAddress", "IPAddress")]
    [TestCase("lastIP", "Last IP")]
    public void Label_OfAField_IsLegible(string field, string label) => Assert.That(RecordCells.Label(field), Is.EqualTo(label));

    [Test]
    public void Add_MoreFieldsThanColumns_GoIntoTheLastOne()
    {
        var table = new FieldTable();
        using var record = JsonDocument.Parse($"{{{string.Join(',', Enumerable.Range(0, FieldTable.MostColumns + 2).Select(at => $"\"f{at}\":{at}"))}}}");
        var cells = RecordCells.Of(record.RootElement);

        table.Add(cells);

        var row = table.Row(cells);
        Assert.Multiple(() =>
        {
            Assert.That(row, Has.Length.EqualTo(FieldTable.MostColumns + 1));
            Assert.That(row[^1].Text, Is.EqualTo("""{"f200":"200","f201":"201"}"""));
        });
    }

    private static (string, string)[] Of(string json)
    {
        using var record = JsonDocument.Parse(json);
        return [.. RecordCells.Of(record.RootElement).Select(cell => (cell.Field, cell.Text))];
    }
}
