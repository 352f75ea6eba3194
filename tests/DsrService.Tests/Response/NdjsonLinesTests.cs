using System.Text;
using DsrService.Response;

namespace DsrService.Tests.Response;

internal sealed class NdjsonLinesTests
{
    [Test]
    public async Task Read_BlankLinesAndOtherEnds_GivesTheRecordsOnly() =>
        Assert.That(await ReadAsync("{\"a\":1}\r\n\n  \t\r\n {\"b\":2} \n{\"c\":3}"), Is.EqualTo(new[] { "{\"a\":1}", "{\"b\":2}", "{\"c\":3}" }));

    [Test]
    public async Task Read_NothingAtAll_GivesNoRecord() => Assert.That(await ReadAsync(""), Is.Empty);

    [Test]
    public async Task Read_LinesLongerThanTheBuffer_GivesThemWhole()
    {
        var line = $"{{\"a\":\"{new string('x', 300_000)}\"}}";

        Assert.That(await ReadAsync($"{line}\n{line}\n{{}}"), Is.EqualTo(new[] { line, line, "{}" }));
    }

    [Test]
    public void Read_LineBeyondTheLimit_SaysWhichOneAndNotWhat() =>
        Assert.That(async () => await ReadAsync($"{{}}\n{new string('x', NdjsonLines.LongestLine + 1)}"),
            Throws.InstanceOf<NdjsonException>().With.Message.StartsWith("Line 2").And.Message.Not.Contains("xx"));

    [TestCase("""{"a":[1,{"b":null}],"c":"\u00e5"}""")]
    [TestCase("{}")]
    public void Problem_OfAnObject_IsNone(string line) => Assert.That(NdjsonLines.Problem(Encoding.UTF8.GetBytes(line)), Is.Null);

    [TestCase("[1]")]
    [TestCase("1")]
    [TestCase("\"text\"")]
    [TestCase("{\"a\":1} {\"b\":2}")]
    [TestCase("{\"a\":1")]
    [TestCase("{'a':1}")]
    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("\ufeff{}")]
    public void Problem_OfAnythingElse_IsNamed(string line) => Assert.That(NdjsonLines.Problem(Encoding.UTF8.GetBytes(line)), Is.Not.Null);

    [Test]
    public void Problem_OfBytesThatAreNoText_IsNamed() =>
        Assert.That(NdjsonLines.Problem([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]), Is.EqualTo("is not UTF-8"));

    private static async Task<List<string>> ReadAsync(string text)
    {
        var lines = new List<string>();
        await foreach (var line in NdjsonLines.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default))
            lines.Add(Encoding.UTF8.GetString(line.Span));
        return lines;
    }
}
