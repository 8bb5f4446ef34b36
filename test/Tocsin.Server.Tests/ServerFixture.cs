using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests;

/// <summary>One server on SQLite for all tests of a class: <c>IClassFixture&lt;ServerFixture&gt;</c>. A test that needs its own clock, channels or PostgreSQL starts a <see cref="ServerUnderTest"/>.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public ServerUnderTest Server { get; private set; } = null!;

    public HttpClient Anonymous => Server.Anonymous;

    /// <inheritdoc cref="ServerUnderTest.AsAsync"/>
    public Task<HttpClient> AsAsync(Roles roles) => Server.AsAsync(roles);

    public async ValueTask InitializeAsync() => Server = await ServerUnderTest.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
