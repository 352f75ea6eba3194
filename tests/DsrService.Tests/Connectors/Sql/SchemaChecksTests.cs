namespace DsrService.Tests.Connectors.Sql;

internal sealed class SchemaChecksTests
{
    private ShopDatabase shop = null!;

    [SetUp]
    public async Task StartAsync() => shop = await ShopDatabase.StartAsync();

    [TearDown]
    public async Task StopAsync() => await shop.DisposeAsync();

    [Test]
    public async Task Check_MappingThatFits_HasNoProblemsAndNoWarnings()
    {
        var fit = await shop.CheckAsync(ShopDatabase.Mapping);

        Assert.That(fit.Problems, Is.Empty);
        Assert.That(fit.Warnings, Is.Empty);
    }

    [TestCase("drop table shop.order_note", "there is no table 'shop.order_note'")]
    [TestCase("alter table shop.orders rename address to ship_to", "table 'orders' has no column 'address'")]
    [TestCase("alter table shop.visit drop column restricted", "table 'visit' has no column 'restricted'")]
    [TestCase("alter table shop.visit alter device set not null", "it must hold a value")]
    [TestCase("alter table shop.visit alter user_name type varchar(10)", "a pseudonym needs a text of at least")]
    [TestCase("alter table shop.orders alter remark type varchar(3)", "its type does not take 'gone'")]
    [TestCase("alter table shop.orders alter remark type int using null", "its type does not take 'gone'")]
    [TestCase("alter table shop.orders alter archived type text", "'archived' must be boolean")]
    [TestCase("alter table shop.orders alter placed_on type text", "no day can be counted from it")]
    [TestCase("alter table shop.orders alter customer_id type text", "and 'customer.id' is uuid")]
    [TestCase("alter table shop.order_note drop constraint order_note_pkey", "no unique index tells rows apart by order_id, line")]
    [TestCase("drop index shop.customer_lower_idx; alter table shop.customer alter email type bytea using email::bytea", "identifiers are texts, whole numbers or uuids")]
    [TestCase("alter table shop.dsr_ledger drop column receipt", "'shop.dsr_ledger' must be made by")]
    [TestCase("drop table shop.dsr_ledger", "It is made by: CREATE TABLE IF NOT EXISTS \"shop\".\"dsr_ledger\"")]
    public async Task Check_SchemaThatDoesNotFit_IsNamed(string change, string reason)
    {
        await shop.RunAsync("delete from shop.visit; update shop.orders set remark = null; " + change);
        var fit = await shop.CheckAsync(ShopDatabase.Mapping);

        Assert.That(fit.Problems.Select(problem => problem.Message), Has.Some.Contain(reason), string.Join('\n', fit.Problems));
        Assert.That(fit.Problems, Has.All.Property("File").EqualTo("acme.shop.yaml").And.All.Property("Line").GreaterThan(0));
    }

    [TestCase("drop index shop.visit_user_name_idx", "no index begins with 'user_name'")]
    [TestCase("drop index shop.customer_lower_idx", "no index begins with lower(email)")]
    [TestCase("alter table shop.visit add column agent text", "does not say what 'agent' is; it is not handed over and outlives an erasure")]
    public async Task Check_WhatOnlyDeservesAWord_IsAWarning(string change, string reason)
    {
        await shop.RunAsync(change);
        var fit = await shop.CheckAsync(ShopDatabase.Mapping);

        Assert.That(fit.Problems, Is.Empty);
        Assert.That(fit.Warnings.Select(warning => warning.Message), Has.Some.Contain(reason), string.Join('\n', fit.Warnings));
    }
}
