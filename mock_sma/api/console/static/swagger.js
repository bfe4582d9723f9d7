// Swagger UI with a client of this world filled in.

const place = document.getElementById("swagger");
if (place) {
  const ui = SwaggerUIBundle({
    url: "/monitoring/swagger/v1/swagger.json",
    dom_id: "#swagger",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null, // else it asks a host of its maker's
  });
  ui.initOAuth({ clientId: place.dataset.client, clientSecret: place.dataset.secret, scopes: "monitoringApi:read" });
}
