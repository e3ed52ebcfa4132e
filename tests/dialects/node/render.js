// Renders templates with Handlebars: JSON {"jobs": [[helpers, template, data], ...]} in, a JSON list of texts out.
"use strict";
const Handlebars = require("handlebars");

// In Java 0 counts as nothing.
const falsy = (value) => value === 0 || Handlebars.Utils.isEmpty(value);

// What the platforms add, as their documentation says it; each stands in the matrix as a shim.
const SHIMS = {
  iterable: {
    and(...values) {
      const options = values.pop();
      return values.every((value) => !falsy(value)) ? options.fn(this) : options.inverse(this);
    },
    cut(value, what) {
      return falsy(value) ? what : String(value).split(what).join("");
    },
    ifEq(one, other, options) {
      return String(one) === String(other) ? options.fn(this) : options.inverse(this);
    },
    ifLt(one, other, options) {
      return Number(one) < Number(other) ? options.fn(this) : options.inverse(this);
    },
    urlEncode(options) {
      const hex = (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase();
      return encodeURIComponent(options.fn(this)).replace(/[!'()~]/g, hex).replace(/%20/g, "+");
    },
  },
  sendgrid: {
    equals(one, other, options) {
      return one == other ? options.fn(this) : options.inverse(this);
    },
    lessThan(one, other, options) {
      return Number(one) < Number(other) ? options.fn(this) : options.inverse(this);
    },
  },
};

const jobs = JSON.parse(require("fs").readFileSync(0, "utf8")).jobs;
const engines = {};
for (const name of Object.keys(SHIMS)) {
  engines[name] = Handlebars.create();
  engines[name].registerHelper(SHIMS[name]);
}
const texts = jobs.map(([helpers, template, data]) => engines[helpers].compile(template)(data));
process.stdout.write(JSON.stringify(texts));
