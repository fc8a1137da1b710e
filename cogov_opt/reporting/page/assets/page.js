(function () {
  "use strict";
  var tools = document.getElementById("tools");
  if (!tools) { return; }
  var find = document.getElementById("find");
  var found = document.getElementById("found");
  var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var groups = Array.prototype.slice.call(document.querySelectorAll("[data-rows]"));
  function narrow() {
    var wanted = find.value.trim().toLowerCase();
    var count = 0;
    rows.forEach(function (row, i) {
      row.hidden = wanted !== "" && texts[i].indexOf(wanted) < 0;
      count += row.hidden ? 0 : 1;
    });
    groups.forEach(function (group) {
      group.hidden = wanted !== "" && !group.querySelector("[data-row]:not([hidden])");
    });
    found.textContent = wanted === "" ? "" : found.getAttribute("data-text").replace("{count}", count);
  }
  function all(open) {
    document.querySelectorAll("details").forEach(function (one) { one.open = open; });
  }
  find.addEventListener("input", narrow);
  document.getElementById("open-all").addEventListener("click", function () { all(true); });
  document.getElementById("close-all").addEventListener("click", function () { all(false); });
  tools.hidden = false;
}());
