using DsrService.Connectors.Sql;

namespace DsrService.Tests.Connectors.Sql;

internal sealed class SqlMappingReaderTests
{
    [Test]
    public void Read_WholeMapping_HasTablesInTheOrderInWhichTheyAreReached()
    {
        var reading = ShopDatabase.Read(ShopDatabase.Mapping);

        Assert.That(reading.Errors, Is.Empty);
        Assert.That(reading.Mapping!.Tables.Select(table => table.Name), Is.EqualTo(new[] { "customer", "orders", "order_note", "visit" }));
        Assert.That(reading.Mapping.Portions.Select(portion => portion.Category), Is.EqualTo(new[] { "account", "orders", "notes", "activity", "devices" }));
        Assert.That(reading.Mapping.Table("customer").Columns.Select(column => column.Label), Is.EqualTo(new[] { "email", "fullName", "userName", "statement" }));
    }

    [TestCase("system: shop", "system: shopp", 2, "the data map knows no system 'shopp'")]
    [TestCase("controller: acme", "controller: other", 1, "no data map in force is of 'other'")]
    [TestCase("batch: 10", "batch: 0", 4, "'batch' must be a number of rows from 1 to")]
    [TestCase("batch: 10", "sql: delete from customer", 4, "unknown field 'sql'")]
    [TestCase("restriction: restricted, ", "", 1, "'marks' names no column for 'restriction'")]
    [TestCase("category: notes", "category: words", 19, "the data map knows no category 'words' at this system")]
    [TestCase("category: notes", "category: words", 1, "this system holds 'notes', and no table covers it")]
    [TestCase("from: orders.id", "from: order.id", 23, "there is no table 'order' in this mapping")]
    [TestCase("from: orders.id", "from: orders", 23, "'from' must be table.column")]
    [TestCase("column: order_id, from: orders.id", "column: order_id", 23, "one of both")]
    [TestCase("column: customer_id, from: customer.id", "column: customer_id, from: order_note.order_id", 19, "is reached from itself")]
    [TestCase("kind: user-name", "kind: nick", 50, "the data map knows no identifier kind 'nick'")]
    [TestCase("key: [order_id, line]", "key: []", 19, "'key' must name the columns")]
    [TestCase("key: [order_id, line]", "key: ['a\"b']", 21, "can be no name in Postgres")]
    [TestCase("handle: customer_id", "handel: customer_id", 34, "'handle' is missing")]
    [TestCase("period: P7Y", "period: seven", 37, "'period' must be a period")]
    [TestCase("{ column: page, erase: stays }", "{ column: page }", 55, "must say what becomes of it")]
    [TestCase("erase: pseudonym", "erase: stays", 46, "'user_name' still leads to the person")]
    [TestCase("{ column: device, category: devices, gives: device-id, erase: nothing }", "{ column: device, category: devices, gives: device-id, erase: stays }", 46, "an erasure of 'devices' changes no column")]
    [TestCase("erase: site", "erase: substring(referrer)", 56, "does not know 'substring(referrer)'")]
    [TestCase("{ column: words }", "{ column: words, erase: nothing }", 26, "the row is deleted")]
    [TestCase("{ column: words }", "{ column: words, kept: nothing }", 26, "'kept' goes with 'keep'")]
    [TestCase("{ column: placed_on }", "{ column: placed_on, kept: nothing }", 42, "a kept row needs it")]
    [TestCase("{ column: words }", "{ column: words, rectifies: words }", 26, "the data map knows no field 'words'")]
    [TestCase(", rectifies: name }", " }", 1, "'name' can be rectified, and no column is it")]
    [TestCase(", gives: user-name }", " }", 1, "gives 'user-name', and no column does")]
    [TestCase("{ column: words }", "{ column: words }\n      - { column: words }", 27, "is mapped twice")]
    [TestCase("{ column: total }", "{ column: total, category: notes }", 27, "holds several categories")]
    public void Read_OneMistake_NamesItAndItsLine(string right, string wrong, int line, string reason)
    {
        var broken = ShopDatabase.Mapping.Replace(right, wrong, StringComparison.Ordinal);
        var reading = ShopDatabase.Read(broken);

        Assert.That(broken, Is.Not.EqualTo(ShopDatabase.Mapping));
        Assert.That(reading.Mapping, Is.Null);
        Assert.That(reading.Errors.Select(error => error.ToString()), Has.Some.StartWith($"acme.shop.yaml:{line}: ").And.Contain(reason), string.Join('\n', reading.Errors));
    }

    [Test]
    public void Read_SystemOfAnotherBinding_IsRefused()
    {
        var map = ShopDatabase.DataMap with { Systems = [ShopDatabase.DataMap.Systems[0] with { Binding = DsrService.Fulfilment.Binding.Bus }] };
        var reading = SqlMappingReader.Read(ShopDatabase.Mapping, "acme.shop.yaml", _ => map);

        Assert.That(reading.Errors.Select(error => error.Message), Has.Some.Contain("does not say 'binding: sql'"));
    }

    [TestCase("")]
    [TestCase("a: [")]
    [TestCase("[]")]
    [TestCase("tables: 1")]
    public void Read_NoMapping_IsRefusedAndNothingThrows(string text) =>
        Assert.That(ShopDatabase.Read(text), Has.Property("Mapping").Null.And.Property("Errors").Not.Empty);
}
