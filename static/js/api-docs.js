/* Starts Swagger UI on #api-docs; requests from it carry the CSRF token of the page. */
(() => {
  "use strict";
  const box = document.getElementById("api-docs");
  window.SwaggerUIBundle({
    url: box.dataset.schema,
    domNode: box,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    requestInterceptor: (request) => {
      if (!["GET", "HEAD", undefined].includes(request.method)) request.headers["X-CSRFToken"] = box.dataset.token;
      return request;
    },
  });
})();
