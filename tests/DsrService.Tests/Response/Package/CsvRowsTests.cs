using System.Text.Json;
using DsrService.Response.Package;
using Microsoft.VisualBasic.FileIO;

namespace DsrService.Tests.Response.Package;

internal sealed class CsvRowsTests
{
    [TestCase("=1+1")]
    [TestCase("+1")]
    [TestCase("-1")]
    [TestCase("@SUM(A1)")]
    [TestCase("\t=1")]
    [TestCase("\r=1")]
    [TestCase("\n=1")]
    [TestCase("'quoted")]
    [TestCase("＝1")]
    public void Neutralise_WhatASpreadsheetWouldRun_IsPrecededAndComesBack(string text)
    {
        var safe = CsvRows.Neutralise(text);

        Assert.That((safe[0], safe[1..]), Is.EqualTo(('\'', text)));
    }

    [TestCase("")]
    [TestCase("plain")]
    [TestCase("a=1")]
    [TestCase(" =1")]
    public void Neutralise_AnythingElse_StaysAsItIs(string text) => Assert.That(CsvRows.Neutralise(text), Is.EqualTo(text));

    [Test]
    public async Task Write_Numbers_StayNumbers() =>
        Assert.That(await WriteAsync((JsonValueKind.Number, "-1.5"), (JsonValueKind.String, "-1.5")), Is.EqualTo("-1.5,'-1.5\r\n"));

    [Test]
    public async Task Write_AnyText_IsReadBackByOthers()
    {
        string[] texts = ["a,b", "say \"x\"", "two\r\nlines", "", "ö", "semi;colon"];

        using var reader = new TextFieldParser(new StringReader(await WriteAsync([.. texts.Select(text => (JsonValueKind.String, text))])))
        {
            Delimiters = [","],
            HasFieldsEnclosedInQuotes = true,
            TrimWhiteSpace = false,
        };

        Assert.That(reader.ReadFields(), Is.EqualTo(texts));
    }

    private static async Task<string> WriteAsync(params (JsonValueKind, string)[] cells)
    {
        var writer = new StringWriter();
        await CsvRows.WriteAsync(writer, cells);
        return writer.ToString();
    }
}
